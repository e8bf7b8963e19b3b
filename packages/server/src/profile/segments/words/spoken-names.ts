import { rfmGroups8, rfmGroups11 } from '@zhiyin/contract';

/** What standard events are called when people speak of them. `*`: any. */
export const spokenEvents: readonly { readonly event: string; readonly zh: string; readonly en: string }[] = [
  { event: 'product_added_to_wishlist', zh: '收藏', en: 'add(?:ed)? to (?:the |their )?wishlist|wishlisted' },
  {
    event: 'product_added',
    zh: '加购|加入购物车|加过?购物车|加车',
    en: 'add(?:ed)? (?:anything |something |products? |items? )?to (?:the |their |a )?(?:cart|basket|bag)',
  },
  { event: 'checkout_started', zh: '开始结账|发起结账|进入结算', en: 'start(?:ed)? (?:the |a )?checkout' },
  { event: 'order_refunded', zh: '退过货|退过款|退货|退款', en: 'refund(?:ed)?|return(?:ed)?' },
  { event: 'order_cancelled', zh: '取消过?订单', en: 'cancel(?:l?ed)?(?: an? order| orders)?' },
  { event: 'products_searched', zh: '搜索|搜过', en: 'search(?:ed)?' },
  { event: 'product_reviewed', zh: '评价|写过?评论', en: 'review(?:ed)?|(?:wrote|write|left) a review' },
  { event: 'coupon_applied', zh: '用过?优惠券|使用过?优惠券', en: 'use(?:d)? a coupon|appl(?:y|ied) a coupon' },
  { event: 'email_link_clicked', zh: '点击?过?邮件', en: 'click(?:ed)? (?:an? |the )?emails?' },
  { event: 'email_opened', zh: '打开过?邮件', en: 'open(?:ed)? (?:an? |the )?emails?' },
  { event: 'product_viewed', zh: '浏览|看过|查看', en: 'view(?:ed)?|browsed?|look(?:ed)? at' },
  {
    event: 'order_completed',
    zh: '购买|下过单|下单|成交|买',
    en: 'bought|buy|purchased?|ordered|(?:placed?|made|make) an? (?:order|purchase)',
  },
  { event: '*', zh: '活跃|来访|访问|来', en: '(?:been |seen )?active|visit(?:ed)?|seen|come(?: back)?|came(?: back)?' },
];

/** Events that brands name in their own way: the first of these that the brand has. */
export const ownNamesOfSignUp = [
  'signed_up',
  'user_registered',
  'registered',
  'account_created',
  'sign_up',
  'register',
  'signup',
];
export const spokenSignUp = { zh: '注册', en: 'signed up|sign up|register(?:ed)?' };

/** Words for traits, and the names under which brands keep them. */
export const spokenTraits: readonly { readonly words: readonly string[]; readonly names: readonly string[] }[] = [
  { words: ['城市', 'city'], names: ['city'] },
  { words: ['省份', '省', '地区', 'province', 'region', 'state'], names: ['region', 'province', 'state'] },
  { words: ['国家', 'country'], names: ['country'] },
  {
    words: [
      '会员等级',
      '会员级别',
      '等级',
      'membership level',
      'member level',
      'membership tier',
      'loyalty tier',
      'tier',
    ],
    names: [
      'member_level',
      'membership_level',
      'membership',
      'loyalty_tier',
      'member_tier',
      'vip_level',
      'tier',
      'level',
    ],
  },
  { words: ['性别', 'gender', 'sex'], names: ['gender', 'sex'] },
  { words: ['年龄', 'age'], names: ['age'] },
  { words: ['生日', 'birthday'], names: ['birthday', 'birth_date'] },
  { words: ['邮箱', 'email', 'email address'], names: ['email'] },
  { words: ['手机号', '手机', '电话', 'phone', 'phone number'], names: ['phone', 'mobile'] },
  { words: ['语言', 'language'], names: ['language', 'locale'] },
  {
    words: ['注册时间', '注册日期', 'registration date', 'sign-up date'],
    names: ['created_at', 'registered_at', 'signed_up_at'],
  },
];

/** Numbers that Zhiyin computes. */
export const spokenComputed: readonly { readonly words: readonly string[]; readonly name: string }[] = [
  {
    words: ['流失概率', '流失风险', '流失可能性', 'churn probability', 'probability of churn', 'churn risk'],
    name: 'churn.probability',
  },
  {
    words: ['复购概率', '复购可能性', 'repurchase probability', 'probability of repurchase'],
    name: 'repurchase.probability',
  },
];

export const spokenPurposes: readonly { readonly words: string; readonly names: readonly string[] }[] = [
  { words: '营销|推广|marketing', names: ['marketing', 'advertising'] },
  { words: '邮件|电子邮件|emails?', names: ['email', 'email_marketing'] },
  { words: '短信|sms|text messages', names: ['sms', 'sms_marketing'] },
  { words: '推送|push(?: notifications)?', names: ['push'] },
  { words: '个性化(?:推荐)?|personali[sz]ation|personali[sz]ed', names: ['personalisation', 'personalization'] },
  { words: '数据分析|统计分析|分析|analytics', names: ['analytics'] },
];

const groupsZh: Readonly<Record<string, string>> = {
  important_value: '重要价值客户',
  important_develop: '重要发展客户',
  important_keep: '重要保持客户',
  important_win_back: '重要挽留客户',
  general_value: '一般价值客户',
  general_develop: '一般发展客户',
  general_keep: '一般保持客户',
  general_win_back: '一般挽留客户',
  champions: '冠军客户',
  loyal: '忠诚客户',
  potential_loyalists: '潜力忠诚客户',
  new_customers: '新客户',
  promising: '有望客户',
  need_attention: '需要关注',
  about_to_sleep: '即将沉睡',
  cannot_lose: '不能失去',
  at_risk: '有流失风险',
  hibernating: '沉睡客户',
  lost: '已流失',
};

/** Groups of RFM as the console names them, the longest first: one name can be a part of another. */
export const spokenGroups = [
  ...rfmGroups8.map((group) => ({ trait: 'rfm.group8', group: group as string })),
  ...rfmGroups11.map((group) => ({ trait: 'rfm.group11', group: group as string })),
]
  .flatMap(({ trait, group }) => [
    { trait, group, words: groupsZh[group]! },
    { trait, group, words: group.replaceAll('_', ' ') },
  ])
  .toSorted((a, b) => b.words.length - a.words.length);
