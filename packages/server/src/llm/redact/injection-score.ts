/** Ways of telling a model what to do in a text that should only tell it something, in Chinese and English, each with its weight. */
const patterns: readonly (readonly [weight: number, pattern: RegExp])[] = [
  [
    0.7,
    /\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instructions?|prompts?|rules?|guidelines?|above|previous|prior|restrictions?|told)\b/is,
  ],
  [
    0.7,
    /(?:忽略|无视|忘记|忘掉|不要理会|绕过|跳过|推翻|抛弃).{0,16}(?:指令|指示|提示|规则|要求|设定|限制|上文|以上|之前|前面)/s,
  ],
  [
    0.6,
    /\b(?:reveal|show|print|repeat|output|leak|tell me|display|translate|summari[sz]e)\b.{0,40}\b(?:system prompt|instructions?|initial prompt|hidden|confidential|secret|api key|canary|above text)\b/is,
  ],
  [
    0.6,
    /(?:输出|显示|告诉我|泄露|复述|重复|打印|说出|翻译|公开).{0,16}(?:系统提示|提示词|指令|系统消息|密钥|口令|机密|设定|秘密)/s,
  ],
  [
    0.6,
    /\b(?:you are now|act as|pretend (?:to be|you)|from now on,? you|roleplay as|enter .{0,12}mode|developer mode|jailbreak|DAN\b)/is,
  ],
  [0.6, /(?:你现在是|从现在(?:起|开始)[,，]?你|假装你?是|扮演|进入.{0,8}模式|开发者模式|越狱|你不再是)/s],
  [0.5, /(?:^|\n)[ \t]{0,8}(?:#{1,6} {0,4})?(?:system|assistant|developer|系统|助手)\s*[:：]/iu],
  [0.5, /<\/?\s*(?:system|data|instructions?|user|assistant|\|im_)|\[\/?INST\]|<<\/?SYS>>|```\s*system/iu],
  [
    0.5,
    /\b(?:new|updated|real|actual) (?:instructions?|task|system prompt)\b|(?:新的|真正的|最新)(?:指令|任务|系统提示)/iu,
  ],
  [
    0.4,
    /\b(?:call|invoke|run|execute|use)\b.{0,20}\b(?:tool|function|command|sql|code|shell)\b|(?:执行|调用|运行).{0,10}(?:工具|函数|命令|代码|语句)/iu,
  ],
  [
    0.4,
    /\b(?:give|send|grant|issue|refund)\b.{0,30}\b(?:100 ?%|free|full refund|all (?:customers|users|data|emails))\b|(?:全额退款|给我.{0,6}(?:折|免费|优惠券)|所有(?:客户|用户).{0,6}(?:数据|资料|邮箱|电话))/iu,
  ],
  [0.4, /[\u{e0000}-\u{e007f}\u202a-\u202e\u2066-\u2069]/u],
];

/** How much a text reads like orders to a model, 0 to 1. From 0.5 on a person should look at it. */
export function scoreInjection(text: string): number {
  const calm = patterns.reduce((chance, [weight, pattern]) => (pattern.test(text) ? chance * (1 - weight) : chance), 1);
  return Math.round((1 - calm) * 100) / 100;
}
