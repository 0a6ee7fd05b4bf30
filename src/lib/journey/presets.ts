import type { MapFile } from './file-schema.ts';
import { MAP_FORMAT } from './map-format.ts';
import type { LaneKind, StageKind } from './records.ts';

/**
 * The maps that one can start from: blank, and the five stage models of the four articles that Meander implements
 * (S0 mind mapping for customer lifetime value, S1 journey mapping to predict it, S2 lifecycle management, S3 the
 * eight-stage customer value journey).
 */
export const PRESET_IDS = ['s3-eight', 's2-six', 's1-five', 's0-five', 's0-four', 'blank'] as const;
export type PresetId = (typeof PRESET_IDS)[number];
export const DEFAULT_PRESET: PresetId = 's3-eight';

/** Filled maps in static/examples/<id>.json. */
export const EXAMPLE_IDS = ['subscription-trial', 'retail-loops', 'direct-mail'] as const;
export type ExampleId = (typeof EXAMPLE_IDS)[number];

export const EXAMPLES: readonly {
  readonly id: ExampleId;
  readonly name: string;
  readonly summary: string;
}[] = [
  {
    id: 'subscription-trial',
    name: 'Subscription with a free trial',
    summary: 'Five stages from first visit to renewal, with a way back for customers at risk.'
  },
  {
    id: 'retail-loops',
    name: 'Shop with repeat orders and referrals',
    summary: 'Customers come back, fall asleep, are won back and bring others.'
  },
  {
    id: 'direct-mail',
    name: 'Direct mail by recency',
    summary: 'The classic chain of Pfeifer and Carraway: when to stop mailing a customer who has gone quiet.'
  }
];

interface PresetStage {
  readonly id: string;
  readonly name: string;
  readonly kind: StageKind;
  readonly band?: true;
  readonly customerObjective?: string;
  readonly businessObjective?: string;
  readonly keyActivities?: string;
}

interface Preset {
  readonly id: PresetId;
  readonly name: string;
  readonly summary: string;
  readonly title: string;
  readonly stages: readonly PresetStage[];
  readonly lanes: readonly { readonly id: string; readonly kind: LaneKind; readonly name: string }[];
}

/** The seven default lanes (S3.20), in their order. */
const SEVEN_LANES: Preset['lanes'] = [
  { id: 'actions', kind: 'actions', name: 'Customer actions' },
  { id: 'thoughts', kind: 'thoughts', name: 'Thoughts' },
  { id: 'feelings', kind: 'feelings', name: 'Feelings' },
  { id: 'business-actions', kind: 'businessActions', name: 'Business actions' },
  { id: 'touchpoints', kind: 'touchpoints', name: 'Touchpoints' },
  { id: 'metrics', kind: 'metrics', name: 'Metrics' },
  { id: 'opportunities', kind: 'opportunities', name: 'Opportunities' }
];

const EIGHT_STAGES: readonly PresetStage[] = [
  {
    id: 'awareness',
    name: 'Awareness',
    kind: 'acquire',
    customerObjective: 'Find a solution or meet a need, perhaps without knowing the brand yet.',
    businessObjective: 'Be found and introduce the brand.',
    keyActivities:
      'Search engine optimisation; blog posts, infographics and videos on pain points; social engagement; paid advertising; public relations; word of mouth. Teach, do not push.'
  },
  {
    id: 'engagement',
    name: 'Engagement',
    kind: 'acquire',
    customerObjective: 'Learn more and judge whether it fits.',
    businessObjective: 'Build rapport, show expertise, and give value without asking for a commitment.',
    keyActivities:
      'eBooks, webinars, templates, newsletters, quizzes, social groups, detailed product pages, case studies. From passive to active.'
  },
  {
    id: 'subscription',
    name: 'Subscription / Conversion',
    kind: 'acquire',
    customerObjective: 'Take a small step that commits to little.',
    businessObjective: 'Learn who they are and get permission to contact them.',
    keyActivities:
      'Opt-in forms, free trials, demo requests, content in exchange for an e-mail address, event registration.'
  },
  {
    id: 'excitement',
    name: 'Excitement / First purchase',
    kind: 'customer',
    customerObjective: 'Buy, try, and feel the value.',
    businessObjective: 'Convert, and deliver what was promised.',
    keyActivities:
      'Compelling offers, clear calls to action, a smooth checkout, sales advice, testimonials, guarantees.'
  },
  {
    id: 'ascension',
    name: 'Ascension',
    kind: 'customer',
    customerObjective: 'Get more out of it: advanced or complementary products.',
    businessObjective: 'Raise lifetime value by upsell, cross-sell and higher tiers.',
    keyActivities:
      'Premium offers, loyalty programmes, tiered membership, recommendations from past purchases, strategic follow-up.'
  },
  {
    id: 'advocacy',
    name: 'Advocacy',
    kind: 'customer',
    customerObjective: 'Share a good experience.',
    businessObjective: 'Win prospects through referrals.',
    keyActivities:
      'Referral programmes, review requests, sharing prompts, user-generated content, testimonials, success stories. Make sharing easy and rewarding.'
  },
  {
    id: 'promotion',
    name: 'Promotion / Loyalty',
    kind: 'customer',
    customerObjective: 'Promote actively, often without an incentive.',
    businessObjective: 'Grow a community of loyal customers who influence others.',
    keyActivities:
      'Early access to features, beta programmes, communities, branded merchandise, special events, personal thank-you notes, outstanding service.'
  },
  {
    id: 'retention',
    name: 'Re-engagement / Retention',
    kind: 'customer',
    band: true,
    customerObjective: 'Keep receiving value, renew, buy again.',
    businessObjective: 'Lose as few customers as possible.',
    keyActivities:
      'Proactive support, usage tips, product updates, loyalty rewards, winning back customers at risk, messages that follow usage. Runs throughout the lifecycle.'
  }
];

const stage = (name: string, kind: StageKind, customerObjective?: string): PresetStage => ({
  id: name.toLowerCase().replace(/[^a-z]+/g, '-'),
  name,
  kind,
  ...(customerObjective === undefined ? {} : { customerObjective })
});

/** Every preset, in the order in which they are offered. */
export const PRESETS: readonly Preset[] = [
  {
    id: 's3-eight',
    name: 'Customer value journey, eight stages',
    summary:
      'From awareness to promotion, with retention under the whole lifecycle. Objectives and activities filled in.',
    title: 'Customer value journey',
    stages: EIGHT_STAGES,
    lanes: SEVEN_LANES
  },
  {
    id: 's2-six',
    name: 'Customer lifecycle, six stages',
    summary: 'With onboarding as a stage of its own.',
    title: 'Customer lifecycle',
    stages: [
      stage('Awareness', 'acquire', 'Learn that the product or brand exists.'),
      stage('Consideration', 'acquire', 'Compare options and judge the fit.'),
      stage('Purchase', 'customer', 'Decide and buy.'),
      stage('Onboarding', 'customer', 'Learn to use it and fit it into daily life.'),
      stage('Retention', 'customer', 'Stay, and buy again.'),
      stage('Advocacy', 'customer', 'Recommend it to others.')
    ],
    lanes: SEVEN_LANES
  },
  {
    id: 's1-five',
    name: 'Predicting value, five stages',
    summary: 'Awareness, consideration, purchase, retention, advocacy.',
    title: 'Customer journey',
    stages: [
      stage('Awareness', 'acquire'),
      stage('Consideration', 'acquire'),
      stage('Purchase', 'customer'),
      stage('Retention', 'customer'),
      stage('Advocacy', 'customer')
    ],
    lanes: SEVEN_LANES
  },
  {
    id: 's0-five',
    name: 'The journey as a story, five stages',
    summary: 'With evaluation before and support after the purchase decision.',
    title: 'Customer journey',
    stages: [
      stage('Awareness', 'acquire'),
      stage('Consideration and evaluation', 'acquire'),
      stage('Purchase decision', 'customer'),
      stage('Post-purchase support', 'customer'),
      stage('Advocacy', 'customer')
    ],
    lanes: SEVEN_LANES
  },
  {
    id: 's0-four',
    name: 'Main stages, four',
    summary: 'The shortest frame for a first workshop.',
    title: 'Customer journey',
    stages: [
      stage('Awareness', 'acquire'),
      stage('Consideration', 'acquire'),
      stage('Purchase', 'customer'),
      stage('Post-purchase', 'customer')
    ],
    lanes: SEVEN_LANES
  },
  {
    id: 'blank',
    name: 'Blank',
    summary: 'No stages and no lanes yet.',
    title: 'Untitled map',
    stages: [],
    lanes: []
  }
];

/**
 * A preset as a map file. Columns are joined by arrows whose shares are not set (the panel asks for them); a band is
 * joined to none, since where people enter it is for the map's owner to say.
 */
export function presetFile(id: PresetId, settings: { readonly currency: string }, title?: string): MapFile {
  const preset = PRESETS.find((candidate) => candidate.id === id);
  if (preset === undefined) throw new Error(`there is no preset "${id}"`);
  const columns = preset.stages.filter(({ band }) => !band);
  return {
    format: MAP_FORMAT,
    title: title ?? preset.title,
    settings: { tick: 'month', currency: settings.currency, annualDiscountRate: 0.1 },
    stages: preset.stages.map((fields) => ({ ...fields })),
    lanes: preset.lanes.map((fields) => ({ ...fields })),
    transitions: columns.slice(1).map(({ id: to }, index) => ({ from: columns[index]?.id ?? to, to })),
    cells: [],
    cards: [],
    scenarios: []
  };
}
