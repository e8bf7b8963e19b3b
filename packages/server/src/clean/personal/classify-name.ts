import { RecentCache } from '../../storage/vault/index.ts';

export type PersonalClass =
  | 'none'
  | 'email'
  | 'phone'
  | 'name'
  | 'address'
  | 'chinese_id'
  | 'bank_card'
  | 'birthday'
  | 'ip_address'
  | 'custom';

/** Names compared without case, spaces, `_` and `-`. */
const names: Readonly<Record<Exclude<PersonalClass, 'none' | 'custom'>, string>> = {
  email: 'email emailaddress mail useremail contactemail customeremail 邮箱 电子邮件 电子邮箱 邮件地址',
  phone:
    'phone phonenumber mobile mobilephone mobilenumber tel telephone cellphone cell userphone contactphone receiverphone customerphone ' +
    'receivermobile whatsapp 手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 收货电话 收件人电话',
  name:
    'firstname lastname middlename fullname realname givenname familyname surname username nickname receiver receivername recipient ' +
    'recipientname consignee consigneename contactname contactperson customername buyername 姓名 名字 真实姓名 收货人 收件人 联系人 昵称 顾客姓名 客户姓名',
  address:
    'address address1 address2 addressline1 addressline2 street streetaddress shippingaddress billingaddress deliveryaddress ' +
    'homeaddress receiveraddress 地址 收货地址 详细地址 家庭住址 住址 通讯地址',
  chinese_id:
    'idcard idcardno idcardnumber identitycard identitynumber idnumber citizenid 身份证 身份证号 身份证号码 证件号 证件号码',
  bank_card:
    'bankcard bankcardno bankcardnumber cardnumber cardno creditcard creditcardnumber debitcard bankaccount iban 银行卡 银行卡号 卡号 银行账号',
  birthday: 'birthday birthdate dateofbirth dob birth 生日 出生日期 出生年月',
  ip_address: 'ip ipaddress clientip userip remoteip remoteaddr',
};

const classByName: ReadonlyMap<string, PersonalClass> = new Map(
  Object.entries(names).flatMap(([personalClass, list]) =>
    list.split(' ').map((name) => [name, personalClass as PersonalClass] as const),
  ),
);

const answers = new RecentCache<PersonalClass>(20_000);

/** What a property's name says. `name` itself is a person's only among traits: in an event it is a product's or a page's. */
export function classifyName(name: string, isTrait: boolean): PersonalClass {
  if (name === 'name') return isTrait ? 'name' : 'none';
  const cached = answers.find(name);
  if (cached !== undefined) return cached;
  const found =
    classByName.get(
      name
        .normalize('NFKC')
        .toLowerCase()
        .replace(/[\s_\-.]/g, ''),
    ) ?? 'none';
  answers.put(name, found);
  return found;
}

const idLike =
  /(?:^|[_\-.])(?:id|ids|key|sku|token|uuid|guid|hash|code|number|no|version|barcode|ean|gtin|isbn|timestamp|time|at)$|(?:Id|Key|No|At)$|号$|编号$|编码$/;

/** Names whose values are long numbers by nature: their contents are not taken for phone or card numbers. */
export function isIdLike(name: string): boolean {
  return idLike.test(name);
}

const canonicalFields: ReadonlyMap<string, string> = new Map([
  ['firstname', 'first_name'],
  ['givenname', 'first_name'],
  ['lastname', 'last_name'],
  ['familyname', 'last_name'],
  ['surname', 'last_name'],
  ['fullname', 'name'],
  ['realname', 'name'],
  ['姓名', 'name'],
  ['真实姓名', 'name'],
  ['nickname', 'nickname'],
  ['username', 'username'],
]);

/** One field per fact in the vault, however the sender named it. */
export function vaultFieldOf(name: string, personalClass: PersonalClass): string {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.]/g, '');
  if (personalClass === 'email' || personalClass === 'phone' || personalClass === 'birthday') return personalClass;
  if (personalClass === 'chinese_id' || personalClass === 'bank_card') return personalClass;
  return canonicalFields.get(plain) ?? (plain === 'address' || plain === '地址' ? 'address' : name);
}
