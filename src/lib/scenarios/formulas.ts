import type { Headline } from './figures.ts';

/** How a figure is computed, for people who want to check it. */
export interface Formula {
  readonly formula: string;
  readonly symbols: readonly { readonly symbol: string; readonly meaning: string }[];
  /** Where the method comes from. */
  readonly source: string;
}

const CHAIN =
  'The stages are the states of an absorbing Markov chain with money on each visit (Pfeifer & Carraway 2000).';

const VISITS = {
  symbol: 'visits',
  meaning: 'expected visits to the stage by one customer, each discounted to the moment of the first order'
};
const MARGIN = {
  symbol: 'margin',
  meaning: 'orders per visit × order value × gross margin − the costs of a visit'
};
const ACQUISITION_VISITS = {
  symbol: 'visits before',
  meaning: 'expected visits to the stage by one prospect before becoming a customer'
};

/** The formulas of the figures in the panel's head. */
export const FORMULAS: Readonly<Record<Headline, Formula & { readonly title: string }>> = {
  clv: {
    title: 'Customer lifetime value',
    formula: 'CLV = sum over customer stages of visits × margin',
    symbols: [VISITS, MARGIN],
    source: `${CHAIN} The first order is included, the cost of acquisition is not deducted.`
  },
  clvWithReferrals: {
    title: 'CLV with referrals',
    formula: 'CLV with referrals = CLV + value of everyone referred, and of everyone they refer',
    symbols: [
      {
        symbol: 'value of everyone referred',
        meaning: 'people referred per visit × value per prospect, discounted by the delay'
      }
    ],
    source: `${CHAIN} A referred person enters the map as a prospect after the delay.`
  },
  clvOverHorizon: {
    title: 'CLV over the horizon',
    formula: 'CLV over the horizon = sum over the ticks of the horizon of net cash × discount factor',
    symbols: [{ symbol: 'net cash', meaning: 'margin of all visits that start in the tick' }],
    source: `${CHAIN} Counted from the first order to the end of the horizon only.`
  },
  cac: {
    title: 'Cost of acquisition (CAC)',
    formula: 'CAC = (sum over acquire stages of visits before × costs of a visit) ÷ conversion',
    symbols: [
      ACQUISITION_VISITS,
      { symbol: 'conversion', meaning: 'share of prospects who ever become customers' }
    ],
    source: 'Everything spent before the first order, including on those who never buy; not discounted.'
  },
  ratio: {
    title: 'CLV:CAC',
    formula: 'CLV:CAC = CLV ÷ CAC',
    symbols: [],
    source: 'What a customer is worth for each unit of money spent on winning one; without referrals.'
  },
  payback: {
    title: 'Payback',
    formula: 'Payback = first tick in which the cash of one customer so far covers the CAC',
    symbols: [{ symbol: 'cash', meaning: 'expected margin of all visits up to that tick, not discounted' }],
    source: 'Counted in whole ticks after the first order; 0 means that the first order pays.'
  },
  discountedPayback: {
    title: 'Discounted payback',
    formula: 'Discounted payback = first tick in which the discounted cash of one customer covers the CAC',
    symbols: [{ symbol: 'cash', meaning: 'expected margin of all visits up to that tick, discounted' }],
    source: 'Counted in whole ticks after the first order; 0 means that the first order pays.'
  },
  npv: {
    title: 'Value per prospect (NPV)',
    formula: 'NPV per prospect = sum over all stages of visits × margin',
    symbols: [
      {
        symbol: 'visits',
        meaning:
          'expected visits to the stage by one prospect and everyone referred, discounted to the entry to the map'
      },
      MARGIN
    ],
    source: `${CHAIN} Acquisition costs are inside.`
  },
  npvWithoutReferrals: {
    title: 'Value per prospect without referrals',
    formula: 'NPV per prospect = sum over all stages of visits × margin',
    symbols: [
      {
        symbol: 'visits',
        meaning: 'expected visits to the stage by one prospect, discounted to the entry to the map'
      },
      MARGIN
    ],
    source: `${CHAIN} Acquisition costs are inside.`
  },
  conversion: {
    title: 'Conversion',
    formula: 'Conversion = sum over acquire stages of visits before × share that goes to a customer stage',
    symbols: [ACQUISITION_VISITS],
    source: 'The share of prospects who ever become customers, by whichever way.'
  },
  lifetime: {
    title: 'Customer lifetime',
    formula: 'Lifetime = sum over customer stages of visits × dwell',
    symbols: [{ symbol: 'visits', meaning: 'expected visits to the stage by one customer, not discounted' }],
    source: 'How long an average customer stays, from the first order on.'
  }
};

export const STAGE: Formula = {
  formula: 'Part of a stage = visits × margin',
  symbols: [VISITS, MARGIN],
  source: `${CHAIN} The parts of all stages add up to CLV exactly.`
};

export const LANE: Formula = {
  formula: 'Part of a lane = − sum over customer stages of visits × the lane’s cost of a visit',
  symbols: [VISITS],
  source: 'The margin on orders and the parts of all lanes add up to CLV exactly.'
};

export const MONEY: Formula = {
  formula: 'Margin on orders = sum over customer stages of visits × orders × order value × gross margin',
  symbols: [VISITS],
  source: 'The margin on orders and the parts of all lanes add up to CLV exactly.'
};

export const PERIOD: Formula = {
  formula: 'Value up to a tick = sum of net cash of one customer, not discounted',
  symbols: [
    { symbol: 'net cash', meaning: 'margin of all visits that start in the tick' },
    { symbol: 'tick 0', meaning: 'begins with the first order' }
  ],
  source: 'The same chain, walked tick by tick; discounted and summed without end it gives CLV.'
};
