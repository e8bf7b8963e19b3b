import type { Phrases } from './phrases.ts';

export const phrasesEn: Phrases = {
  aspects: {
    quality: {
      good: [
        'the {n} is {d} well made',
        'quality is {d} good',
        'solid materials, no shortcuts',
        'you feel the care in every detail',
        'still like new after weeks of use',
        'better built than I expected',
        'not a single flaw that I can find',
      ],
      bad: [
        'the {n} feels {d} cheap',
        'quality is {d} poor',
        'it broke within a week',
        'there was a visible defect',
        'nothing like the description',
        'it has a smell that will not go away',
        'clearly nobody checked this before it went out',
      ],
      plain: ['quality is about average', 'the {n} does its job, no more', 'build is neither good nor bad'],
    },
    price: {
      good: [
        '{d} fair price',
        'great value for the money',
        'a bargain in the sale',
        'worth every yuan',
        'hard to find this for less',
        'cheaper than in the shops',
      ],
      bad: [
        '{d} overpriced',
        'not worth what I paid',
        'the price dropped the day after I ordered',
        'you can get better for the same money',
        'far too expensive for what it is',
        'poor value',
      ],
      plain: ['price is what you would expect', 'neither cheap nor dear', 'costs about the same elsewhere'],
    },
    delivery: {
      good: [
        'delivery was {d} fast',
        'arrived the next day',
        'shipped right away',
        'came earlier than promised',
        'the courier was friendly and on time',
        'no delay at all',
      ],
      bad: [
        'delivery was {d} slow',
        'it took almost two weeks',
        'the parcel sat in one place for days',
        'I had to ask three times before it shipped',
        'it came too late for the birthday',
        'promised three days, took nine',
      ],
      plain: ['delivery took the usual time', 'it came when they said', 'shipping was normal'],
    },
    packaging: {
      good: [
        '{d} careful packaging',
        'the box was sturdy and nothing was dented',
        'beautifully wrapped, ready as a gift',
        'simple paper packaging, no plastic',
        'unboxing was a small joy',
      ],
      bad: [
        '{d} careless packaging',
        'the box arrived crushed',
        'no padding at all and one edge was chipped',
        'the bottle had leaked everywhere',
        'the seal was already open',
        'so much plastic for such a small thing',
      ],
      plain: ['packaging is ordinary', 'it came in a plain box', 'nothing special about the wrapping'],
    },
    service: {
      good: [
        'customer service was {d} patient',
        'they answered within minutes',
        'the exchange was no trouble at all',
        'support helped me choose the right one',
        'they even called to ask if it was fine',
      ],
      bad: [
        'customer service was {d} unhelpful',
        'nobody ever replied',
        'returning it was a nightmare',
        'support sends the same copied answer',
        'they promised a refund and forgot about it',
      ],
      plain: ['I had no need for customer service', 'support was neither quick nor slow', 'service was as usual'],
    },
    appearance: {
      good: [
        'it looks {d} beautiful',
        'even prettier than the photos',
        'the colour is {d} lovely',
        'a quiet, elegant design',
        'guests keep asking where I got it',
        'exactly my style',
      ],
      bad: [
        'the colour is {d} different from the photos',
        'it looks {d} dull',
        'not my style at all',
        'the pictures are flattering, the thing is not',
        'it looks worn already',
        'the design does not fit anywhere in my home',
      ],
      plain: ['it looks ordinary', 'looks just as in the picture', 'the design is fine'],
    },
  },
  byCategory: {
    tea: {
      good: ['a clear cup with a long sweet finish', 'still full of flavour at the fifth infusion'],
      bad: ['tastes like hot water', 'full of dust and bitter'],
    },
    teaware: {
      good: ['pours cleanly without a drip', 'the glaze feels lovely'],
      bad: ['it drips at every pour', 'the glaze has bubbles and dark spots'],
    },
    kitchen: {
      good: ['heats evenly and cleans up in seconds', 'the lid fits tightly'],
      bad: ['the coating came off after one use', 'the lid never closes and it leaks'],
    },
    bedding: {
      good: ['so soft, I sleep better', 'two washes and no shrinking'],
      bad: ['it pilled after one wash', 'stiff and far too hot at night'],
    },
    decor: {
      good: ['thick cloth and neat edges', 'warm light, easy on the eyes'],
      bad: ['it sheds everywhere', 'several centimetres off the stated size'],
    },
    fragrance: {
      good: ['a gentle scent that never bothers', 'the whole room feels calm'],
      bad: ['so strong it gave me a headache', 'the scent was gone in a week'],
    },
    skincare: {
      good: ['sinks in fast and is not sticky', 'no redness on my sensitive skin'],
      bad: ['it stung and my face went red', 'it peels and leaves my skin dry'],
    },
    bodycare: {
      good: ['hair feels clean for two days', 'fine foam, rinses well'],
      bad: ['my scalp itched afterwards', 'left my hair dry and tangled'],
    },
    womenswear: {
      good: ['flattering cut and it falls well', 'breathes and hardly creases'],
      bad: ['the waist is off and it looks shapeless', 'lost its shape in the first wash'],
    },
    menswear: {
      good: ['shoulders fit and it is comfortable', 'sturdy cloth that keeps its shape'],
      bad: ['runs small and pulls at the chest', 'the collar went loose after two washes'],
    },
    kids: {
      good: ['my baby is comfortable in it, no marks', 'smooth edges, safe to play with'],
      bad: ['the label scratched and made him cry', 'splinters, I would not give it to a child'],
    },
    bags: {
      good: ['holds a lot without looking big', 'smooth zips and straight seams'],
      bad: ['the strap came apart on day three', 'the zip keeps getting stuck'],
    },
  },
  openers: [
    ['Very disappointed', 'Terrible', 'I regret this order', 'Avoid', 'Really annoyed'],
    ['Not happy with it', 'A bit of a letdown', 'I expected more', 'Would not recommend'],
    ['It is OK', 'So-so', 'Mixed feelings', 'Good and bad'],
    ['Quite good', 'Happy overall', 'Nice', 'Good buy'],
    ['Love it', 'Excellent', 'Perfect', 'So happy with this', 'Better than expected'],
  ],
  closers: [
    ['never again', 'sending it back', 'save your money'],
    ['I will not buy it again', 'hope they improve', 'look elsewhere first'],
    ['maybe in a sale', 'it will do for now', 'not sure I would buy it again'],
    ['would buy again', 'worth a try', 'I can recommend it'],
    ['will order again', 'already told my friends', 'the whole family likes it', 'can only recommend'],
  ],
  stories: [
    'Bought it for my mother',
    'Writing this after a week',
    'A friend told me about this shop',
    'Got it in the sale',
    'We just moved in',
    'I was only looking around',
    'This was my first order here',
    'I thought about it for a long time',
  ],
  degrees: ['really', 'very', 'quite', 'surprisingly', 'truly', 'rather'],
  turns: ['but', 'though', 'only', 'sadly'],
  marks: ['👍', '😊', '❤️', '😡', '🙄', '😞'],
};
