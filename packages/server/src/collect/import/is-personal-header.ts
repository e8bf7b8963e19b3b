import { fieldSynonyms, plainHeader } from './field-synonyms.ts';

const personalFields = [
  'email',
  'phone',
  'openid',
  'unionid',
  'first_name',
  'last_name',
  'birthday',
  'address',
] as const;
const otherNames = [
  'fullname',
  'customername',
  'buyername',
  'receivername',
  'recipient',
  'shippingname',
  'billingname',
  'idcard',
  'idnumber',
  'passport',
  'ssn',
  'bankcard',
  'cardnumber',
  'ipaddress',
  'ip',
  '姓名',
  '客户姓名',
  '会员姓名',
  '收货人',
  '收货人姓名',
  '收件人',
  '买家姓名',
  '身份证',
  '身份证号',
  '银行卡',
  '银行卡号',
  '卡号',
];
const personal = new Set<string>([...personalFields.flatMap((field) => fieldSynonyms[field] ?? []), ...otherNames]);

/** Whether a column holds who someone is. Such columns never become properties: the event store knows surrogates only. */
export function isPersonalHeader(header: string): boolean {
  const plain = plainHeader(header);
  return (
    personal.has(plain) ||
    /(^|shipping|billing|customer|receiver|收货|收件)(email|phone|mobile|address|姓名|手机号?|电话|地址)/u.test(plain)
  );
}
