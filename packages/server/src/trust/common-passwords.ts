/**
 * Passwords that every guessing list starts with and that are long enough for our minimum. Compared without case and
 * without the digits and marks people add at the end.
 */
const common = new Set([
  'password',
  'passwordpassword',
  'passw0rd',
  'p@ssword',
  'p@ssw0rd',
  'password1234',
  'letmein',
  'letmeinplease',
  'welcome',
  'welcometo',
  'qwertyuiop',
  'qwerty',
  'qwertyqwerty',
  'qwerty123456',
  'asdfghjkl',
  'asdfghjklö',
  'zxcvbnm',
  '1q2w3e4r5t',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'qazwsxedc',
  'administrator',
  'adminadmin',
  'admin',
  'iloveyou',
  'iloveyouforever',
  'sunshine',
  'princess',
  'football',
  'basketball',
  'baseball',
  'superman',
  'starwars',
  'trustnoone',
  'changeme',
  'changemenow',
  'correcthorsebatterystaple',
  'abcdefghij',
  'abcdefghijkl',
  'abcd',
  'abcabcabc',
  'test',
  'testtest',
  'testing',
  'testpassword',
  'default',
  'defaultpassword',
  'secret',
  'topsecret',
  'woaini',
  'woaini1314',
  'woaini520',
  'nihao',
  'zhangsan',
  'a123456789',
  'aa123456',
  'zhiyin',
  'zhiyinzhiyin',
  'master',
  'monkey',
  'dragon',
  'whatever',
  'computer',
  'internet',
]);

/** One character or one short piece over and over, or a run such as 1234567890, or on the list. */
export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase();
  const stem = lower.replace(/[\d\p{P}\p{S}]+$/u, '');
  return common.has(lower) || common.has(stem) || isRepeated(lower) || isRun(lower) || stem === '';
}

function isRepeated(text: string): boolean {
  return /^(.{1,3})\1+$/u.test(text);
}

function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((character, i) => character.charCodeAt(0) - text.charCodeAt(i));
  const broken = steps.filter((step) => step !== steps[0]).length;
  return Math.abs(steps[0] ?? 0) <= 1 && broken <= 1;
}
