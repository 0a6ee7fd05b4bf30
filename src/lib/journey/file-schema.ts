import * as v from 'valibot';
import {
  CARD_COLORS,
  CHANNELS,
  CONFIDENCES,
  isEvidenceUrl,
  MEDIA,
  OWNERSHIPS,
  PHASES,
  SENTIMENTS,
  SEVERITIES,
  tidyTag
} from './card-facets.ts';
import { LIMITS } from './limits.ts';
import { MAP_FORMAT } from './map-format.ts';
import { METRICS } from './metrics.ts';
import { objectSchema } from './object-schema.ts';
import {
  EDIT_KINDS,
  LANE_KINDS,
  OPPORTUNITY_SCORES,
  OPPORTUNITY_STATUSES,
  STAGE_KINDS,
  TICKS
} from './records.ts';
import { anyNumber, id, list, NOT_AN_OBJECT, number, oneOf, text } from './schema-parts.ts';

const NOT_A_TIME = 'E_FORMAT This must be a time such as 2026-01-31T09:30:00.000Z.';
const { settings, stages, transitions, cells } = METRICS;

const settingsSchema = v.strictObject(
  {
    tick: oneOf(TICKS),
    currency: v.pipe(
      v.string('E_TYPE This must be text.'),
      v.regex(/^[A-Z]{3}$/, 'E_CURRENCY A currency is three capital letters (ISO 4217), such as EUR.')
    ),
    annualDiscountRate: v.optional(number(settings.annualDiscountRate)),
    grossMargin: v.optional(number(settings.grossMargin)),
    horizon: v.optional(number(settings.horizon)),
    prospectsPerTick: v.optional(number(settings.prospectsPerTick)),
    referral: v.optional(
      v.strictObject(
        { entry: v.optional(id), delay: v.optional(number(settings.referralDelay)) },
        NOT_AN_OBJECT
      )
    ),
    feelings: v.optional(
      v.strictObject(
        {
          kappaPlus: v.optional(number(settings.kappaPlus)),
          kappaMinus: v.optional(number(settings.kappaMinus)),
          source: v.optional(text(LIMITS.stageText))
        },
        NOT_AN_OBJECT
      )
    ),
    promotion: v.optional(
      v.strictObject(
        {
          scenario: text(LIMITS.name),
          by: text(LIMITS.name),
          at: v.pipe(
            v.string('E_TYPE This must be text.'),
            v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, NOT_A_TIME),
            v.check((at) => !Number.isNaN(Date.parse(at)), NOT_A_TIME)
          )
        },
        NOT_AN_OBJECT
      )
    )
  },
  NOT_AN_OBJECT
);

const stageSchema = v.strictObject(
  {
    id,
    name: text(LIMITS.name),
    kind: v.optional(oneOf(STAGE_KINDS)),
    band: v.optional(v.boolean('E_TYPE This must be true or false.')),
    width: v.optional(number({ ...LIMITS.stageWidth, unit: 'count' })),
    customerObjective: v.optional(text(LIMITS.stageText)),
    businessObjective: v.optional(text(LIMITS.stageText)),
    keyActivities: v.optional(text(LIMITS.stageText)),
    dwell: v.optional(number(stages.dwell)),
    ordersPerVisit: v.optional(number(stages.ordersPerVisit)),
    orderValue: v.optional(number(stages.orderValue)),
    grossMargin: v.optional(number(stages.grossMargin)),
    referrals: v.optional(number(stages.referrals)),
    entry: v.optional(number(stages.entry)),
    retention: v.optional(
      v.strictObject(
        {
          model: v.literal('sbg', 'E_ENUM This must be: sbg.'),
          alpha: number(stages.sbgAlpha),
          beta: number(stages.sbgBeta)
        },
        NOT_AN_OBJECT
      )
    )
  },
  NOT_AN_OBJECT
);

const laneSchema = v.strictObject(
  {
    id,
    kind: oneOf(LANE_KINDS),
    name: text(LIMITS.name),
    height: v.optional(number({ ...LIMITS.laneHeight, unit: 'count' }))
  },
  NOT_AN_OBJECT
);

const linkSchema = v.strictObject(
  {
    url: v.pipe(
      text(LIMITS.url),
      v.check(isEvidenceUrl, 'E_URL An address starts with https:// or http:// and has no password in it.')
    ),
    title: v.optional(text(LIMITS.title))
  },
  NOT_AN_OBJECT
);

const cardSchema = v.strictObject(
  {
    id,
    lane: id,
    stage: id,
    text: text(LIMITS.cardText),
    color: v.optional(oneOf(CARD_COLORS)),
    tags: v.optional(
      list(
        v.pipe(
          text(LIMITS.tag),
          v.check(
            (tag) => tag !== '' && tidyTag(tag) === tag,
            'E_TAG A tag is not empty, has no "#" in front and no white space around it.'
          )
        ),
        LIMITS.cardTags,
        'on a card'
      )
    ),
    links: v.optional(list(linkSchema, LIMITS.cardLinks, 'on a card')),
    channel: v.optional(oneOf(CHANNELS)),
    medium: v.optional(oneOf(MEDIA)),
    ownership: v.optional(oneOf(OWNERSHIPS)),
    phase: v.optional(oneOf(PHASES)),
    sentiment: v.optional(
      v.strictObject(
        {
          kind: oneOf(SENTIMENTS),
          severity: v.picklist(SEVERITIES, `E_ENUM This must be one of: ${SEVERITIES.join(', ')}.`)
        },
        NOT_AN_OBJECT
      )
    ),
    confidence: v.optional(oneOf(CONFIDENCES)),
    owner: v.optional(text(LIMITS.name))
  },
  NOT_AN_OBJECT
);

const metric = v.string('E_TYPE This must be text.');
const money = number({ min: 0, max: 1e12, unit: 'money' });
const fraction = number({ min: 0, max: 1, unit: 'fraction' });
const count = number({ min: 0, max: 1e12, integer: true, unit: 'count' });
const score = v.optional(number({ min: 1, max: 5, integer: true, unit: 'score' }));

const opportunitySchema = v.strictObject(
  {
    id,
    name: text(LIMITS.name),
    edits: list(v.strictObject({ metric, how: oneOf(EDIT_KINDS), amount: anyNumber }, NOT_AN_OBJECT), 200),
    oneOffCost: v.optional(money),
    runningCost: v.optional(money),
    successProbability: v.optional(fraction),
    reach: v.optional(fraction),
    owner: v.optional(text(LIMITS.name)),
    status: v.optional(oneOf(OPPORTUNITY_STATUSES)),
    ...(Object.fromEntries(OPPORTUNITY_SCORES.map((name) => [name, score])) as Record<
      (typeof OPPORTUNITY_SCORES)[number],
      typeof score
    >)
  },
  NOT_AN_OBJECT
);

const rangeSchema = v.variant(
  'kind',
  [
    v.strictObject({
      metric,
      kind: v.literal('beta'),
      nEff: number({ min: Number.MIN_VALUE, max: 1e12, unit: 'count' })
    }),
    v.strictObject({
      metric,
      kind: v.literal('range'),
      low: anyNumber,
      mode: v.optional(anyNumber),
      high: anyNumber
    }),
    v.strictObject({ metric, kind: v.literal('lognormal'), low: anyNumber, high: anyNumber })
  ],
  'E_ENUM The kind of a range must be one of: beta, range, lognormal.'
);

const variantSchema = v.strictObject({ observed: count, converted: count }, NOT_AN_OBJECT);

const experimentSchema = v.strictObject(
  { id, name: text(LIMITS.name), from: id, to: id, a: variantSchema, b: variantSchema },
  NOT_AN_OBJECT
);

const numbersSchema = v.record(
  v.pipe(v.string(), v.maxLength(LIMITS.name, 'E_TOO_LONG This name is too long.')),
  anyNumber,
  NOT_AN_OBJECT
);

const fitSchema = v.strictObject(
  {
    id,
    name: text(LIMITS.name),
    model: text(LIMITS.name),
    file: v.strictObject({ name: text(LIMITS.title), sha256: text(64), rows: count }, NOT_AN_OBJECT),
    unit: oneOf(TICKS),
    until: text(10),
    customers: count,
    repeatCustomers: count,
    parameters: numbersSchema,
    standardErrors: numbersSchema,
    logLikelihood: anyNumber
  },
  NOT_AN_OBJECT
);

const coordinate = number({ ...LIMITS.coordinate, unit: 'count' });
const length = number({ ...LIMITS.viewSize, unit: 'count' });

const viewSchema = v.strictObject(
  {
    id,
    name: text(LIMITS.name),
    area: v.strictObject({ x: coordinate, y: coordinate, width: length, height: length }, NOT_AN_OBJECT),
    filter: v.optional(
      v.strictObject(
        {
          lane: v.optional(id),
          tag: v.optional(text(LIMITS.tag)),
          color: v.optional(oneOf(CARD_COLORS)),
          confidence: v.optional(oneOf(CONFIDENCES)),
          owner: v.optional(text(LIMITS.name)),
          author: v.optional(id)
        },
        NOT_AN_OBJECT
      )
    ),
    folded: v.optional(list(id, LIMITS.folded)),
    scenario: v.optional(id)
  },
  NOT_AN_OBJECT
);

/** The map file, format `meander-map/1`. Lists are in board order. */
export const mapFileSchema = v.strictObject(
  {
    format: v.literal(MAP_FORMAT, `E_FORMAT The format must be "${MAP_FORMAT}".`),
    title: text(LIMITS.title),
    settings: settingsSchema,
    stages: list(stageSchema, LIMITS.stages),
    lanes: list(laneSchema, LIMITS.lanes),
    transitions: list(
      v.strictObject(
        { from: id, to: id, probability: v.optional(number(transitions.probability)) },
        NOT_AN_OBJECT
      ),
      LIMITS.stages * LIMITS.stages
    ),
    cells: list(
      v.strictObject(
        {
          lane: id,
          stage: id,
          cost: v.optional(number(cells.cost)),
          feeling: v.optional(number(cells.feeling))
        },
        NOT_AN_OBJECT
      ),
      LIMITS.stages * LIMITS.lanes
    ),
    cards: list(cardSchema, LIMITS.cards),
    scenarios: list(
      v.strictObject(
        {
          id,
          name: text(LIMITS.name),
          overrides: list(
            v.strictObject(
              {
                metric: v.string('E_TYPE This must be text.'),
                value: v.pipe(
                  v.number('E_TYPE This must be a number.'),
                  v.finite('E_NOT_FINITE This must be a finite number.')
                )
              },
              NOT_AN_OBJECT
            ),
            10_000
          )
        },
        NOT_AN_OBJECT
      ),
      LIMITS.scenarios
    ),
    opportunities: v.optional(list(opportunitySchema, LIMITS.opportunities)),
    ranges: v.optional(list(rangeSchema, 10_000)),
    experiments: v.optional(list(experimentSchema, LIMITS.experiments)),
    fits: v.optional(list(fitSchema, LIMITS.fits)),
    objects: v.optional(list(objectSchema, LIMITS.objects)),
    views: v.optional(list(viewSchema, LIMITS.views))
  },
  NOT_AN_OBJECT
);

export type MapFile = v.InferOutput<typeof mapFileSchema>;
