/** 13 to 19 digits of a known issuer (UnionPay, Visa, Mastercard, American Express, JCB, …) whose Luhn sum is right. */
export function isBankCard(text: string): boolean {
  const digits = text.replace(/[\s-]/g, '');
  if (
    !/^(?:62\d{14,17}|4\d{12}(?:\d{3})?(?:\d{3})?|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}|3(?:0[0-5]|[68]\d)\d{11}|60\d{14}|65\d{14})$/.test(
      digits,
    )
  ) {
    return false;
  }
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  return sum % 10 === 0;
}
