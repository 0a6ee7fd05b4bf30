import { readFileSync } from 'node:fs';
import type { MapFile } from '#lib/journey/file-schema.ts';
import { tidyTag } from '#lib/journey/card-facets.ts';
import { LIMITS } from '#lib/journey/limits.ts';

/*
 * Words that do harm where a page takes them for more than words. What they would do is to set `window.struck`; what they
 * would fetch is `/struck`.
 */
export const CORPUS: readonly string[] = [
  '<script>window.struck=1</script>',
  '</script><script>window.struck=1</script>',
  '<img src=/struck onerror="window.struck=1">',
  '"><img src=/struck onerror=window.struck=1>',
  "'><svg/onload=window.struck=1>",
  '<svg><script>window.struck=1</script></svg>',
  '<svg><animate onbegin=window.struck=1 attributeName=x dur=1s>',
  '<math><mtext></mtext><mglyph><style></math><img src onerror=window.struck=1>',
  '<iframe srcdoc="<script>parent.struck=1</script>"></iframe>',
  '<iframe src="javascript:parent.struck=1"></iframe>',
  '<object data="javascript:window.struck=1"></object>',
  '<embed src="/struck">',
  '<body onload=window.struck=1>',
  '<details open ontoggle=window.struck=1>x</details>',
  '<input autofocus onfocus=window.struck=1>',
  '<video><source onerror="window.struck=1"></video>',
  '<link rel=stylesheet href=/struck>',
  '<meta http-equiv=refresh content="0;url=/struck">',
  '<base href="//struck.example/">',
  '<form action=/struck><button>x</button></form>',
  '<style>@import "/struck";*{background:url(/struck)}</style>',
  '<a href="javascript:window.struck=1">x</a>',
  'javascript:window.struck=1',
  'JaVaScRiPt:window.struck=1//',
  ' \u0001javascript:window.struck=1',
  'java\tscript:window.struck=1',
  'java\nscript:window.struck=1',
  'javascript\u00a0:window.struck=1',
  'data:text/html,<script>window.struck=1</script>',
  'DATA:text/html;base64,PHNjcmlwdD5zdHJ1Y2s9MTwvc2NyaXB0Pg==',
  'vbscript:msgbox(1)',
  '[x](javascript:window.struck=1)',
  '![x](/struck "onerror=window.struck=1")',
  '**<b onmouseover=window.struck=1>bold</b>**',
  'https://example.org"onmouseover="window.struck=1',
  'https://example.org/<script>window.struck=1</script>',
  '{{constructor.constructor("window.struck=1")()}}',
  '${window.struck=1} #{window.struck=1} <%= window.struck=1 %>',
  '{@html "<img src=x onerror=window.struck=1>"}',
  '\u202egnp.exe\u202c \u2066evil\u2069',
  'line\u2028separator\u2029window.struck=1',
  '\u0000\u0008\u001b[31mred',
  '&lt;script&gt;window.struck=1&lt;/script&gt;',
  '%3Cscript%3Ewindow.struck%3D1%3C%2Fscript%3E',
  "';window.struck=1;//",
  '`-window.struck=1-`',
  '=HYPERLINK("/struck")',
  '__proto__',
  '\ufeff\ufffe\uffff',
  `<img src=/struck onerror=window.struck=1>${'A'.repeat(100_000)}`
];

/** Addresses under which no link may ever stand. */
export const BAD_ADDRESSES: readonly string[] = CORPUS.filter(
  (text) => !/^https?:\/\//i.test(text) && /^[\s\p{Cc}]*[a-z\s]*:/iu.test(text)
);

/** A corpus in turn, cut to what a field holds. */
export function turns(): (most: number) => string {
  let next = 0;
  return (most) => (CORPUS[next++ % CORPUS.length] ?? '').slice(0, most).toWellFormed();
}

const example = new URL('../../static/examples/subscription-trial.json', import.meta.url);

/** A map file that holds the corpus in every text that a file can hold, each of it on a card of its own. */
export function hostileFile(): MapFile {
  const file = JSON.parse(readFileSync(example, 'utf8')) as MapFile;
  const word = turns();
  const name = () => word(LIMITS.name);
  const stages = file.stages.map((stage) => ({
    ...stage,
    name: name(),
    customerObjective: word(LIMITS.stageText),
    businessObjective: word(LIMITS.stageText),
    keyActivities: word(LIMITS.stageText)
  }));
  const lanes = file.lanes.map((lane) => ({ ...lane, name: name() }));
  const [stage, lane] = [stages[0], lanes[0]];
  if (stage === undefined || lane === undefined) throw new Error('the example is empty');
  const box = { x: -600, width: 200, height: 80 };
  return {
    ...file,
    title: word(LIMITS.title),
    settings: { ...file.settings, feelings: { source: word(LIMITS.stageText) } },
    stages,
    lanes,
    cards: CORPUS.map((text, index) => ({
      id: `c${index}`,
      lane: lanes[index % lanes.length]?.id ?? lane.id,
      stage: stages[index % stages.length]?.id ?? stage.id,
      text: text.slice(0, LIMITS.cardText).toWellFormed(),
      owner: name(),
      tags: [tidyTag(word(LIMITS.tag)) || 'tag'],
      links: [{ url: 'https://example.org/', title: word(LIMITS.title) }]
    })),
    scenarios: file.scenarios.map((scenario) => ({ ...scenario, name: name() })),
    opportunities: (file.opportunities ?? []).map((one) => ({ ...one, name: name(), owner: name() })),
    experiments: [
      {
        id: 'e1',
        name: name(),
        from: stage.id,
        to: stages[1]?.id ?? stage.id,
        a: { observed: 100, converted: 10 },
        b: { observed: 100, converted: 20 }
      }
    ],
    fits: [
      {
        id: 'f1',
        name: name(),
        model: 'bg-nbd',
        file: { name: word(LIMITS.title), sha256: 'a'.repeat(64), rows: 1 },
        unit: 'month',
        until: word(10),
        customers: 1,
        repeatCustomers: 1,
        parameters: { [name()]: 1 },
        standardErrors: {},
        logLikelihood: -1
      }
    ],
    objects: CORPUS.map((text, index) => ({
      kind: (['sticky', 'text', 'rectangle', 'frame'] as const)[index % 4] ?? 'sticky',
      id: `o${index}`,
      ...box,
      y: index * 90,
      text: text.slice(0, LIMITS.objectText).toWellFormed()
    }))
  };
}
