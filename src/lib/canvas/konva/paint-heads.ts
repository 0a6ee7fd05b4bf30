import { CHANGED, stageFigures } from '../editor/labels.ts';
import { menuButton, type LaneHead, type StageHead } from '../geometry/frame.ts';
import { screenRect, type ScreenRect } from '../geometry/space.ts';
import { faint, fillRound, fitLines, font, saved, strokeRound, widest, type Pen } from './pen.ts';
import { paintWays } from './paint-ways.ts';
import type { Scene } from './scene.ts';

const TIP = 12; // how far a chevron points into the next stage

/** Stage headers and lane titles, in pixels: they stay readable at every zoom and stick to the edges. */
export function paintHeads(pen: Pen, scene: Scene): void {
  const { editor, theme } = scene;
  const { frame, layout, viewport } = editor;
  const { body, headerTop, titleLeft, titleWidth } = frame;
  const strip = body.y - headerTop;
  pen.textAlign = 'left';
  pen.textBaseline = 'alphabetic';

  saved(pen, () => {
    pen.beginPath();
    pen.rect(titleLeft, body.y, titleWidth, viewport.height);
    pen.clip();
    pen.fillStyle = theme.canvas;
    // Only as high as the lanes and bands are: above and below them the board goes on up to the edge.
    for (const { rect } of [...frame.lanes, ...frame.bands])
      pen.fillRect(titleLeft, rect.y, titleWidth, rect.height);
    // Far out names would lie on one another: a lane then is named when the name above it has ended.
    let free = -Infinity;
    for (const lane of frame.lanes) {
      const named = lane.rect.y >= free;
      if (named) free = lane.rect.y + 15;
      paintLane(pen, scene, lane, named);
    }
    for (const band of frame.bands) paintBandTitle(pen, scene, band);
    if (editor.canEdit && layout.rows.length > 0) paintPlus(pen, scene, frame.addLane, 'addLane');
  });

  saved(pen, () => {
    pen.beginPath();
    pen.rect(body.x, 0, viewport.width - body.x, body.y);
    pen.clip();
    const last = frame.stages.at(-1)?.rect;
    pen.fillStyle = theme.canvas;
    // Only as wide as the stages are: right of them the board goes on up to the edge.
    pen.fillRect(body.x, headerTop, last === undefined ? 0 : last.x + last.width + TIP - body.x, strip);
    const unnamed = withoutNames(frame.stages);
    for (const stage of [...frame.stages].reverse()) paintStage(pen, scene, stage, !unnamed.has(stage));
    if (editor.canEdit && layout.columns.length > 0) paintPlus(pen, scene, frame.addStage, 'addStage');
  });

  pen.fillStyle = theme.canvas;
  if (frame.lanes.length + frame.bands.length > 0 && frame.stages.length > 0)
    pen.fillRect(titleLeft, headerTop, titleWidth, strip);
  paintScenario(pen, scene, screenRect(titleLeft, headerTop, titleWidth, strip));
  paintWays(pen, scene);
  paintMoves(pen, scene);
}

function isOn({ editor }: Scene, kind: 'stage' | 'lane', id: string): { chosen: boolean; lively: boolean } {
  const { selection, hovered } = editor;
  const chosen =
    (selection.kind === kind && selection.id === id) ||
    (kind === 'stage' && selection.kind === 'transition' && (selection.from === id || selection.to === id));
  const over =
    (hovered.kind === kind || hovered.kind === `${kind}Menu` || hovered.kind === `${kind}Edge`) &&
    'id' in hovered &&
    hovered.id === id;
  return { chosen, lively: chosen || over };
}

function chevron(pen: Pen, { x, y, width, height }: ScreenRect): void {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + width, y);
  pen.lineTo(x + width + TIP, y + height / 2);
  pen.lineTo(x + width, y + height);
  pen.lineTo(x, y + height);
  pen.lineTo(x + TIP, y + height / 2);
  pen.closePath();
}

const UPRIGHT = 13; // pixels across that a name needs at least

/** Far out names would lie on one another: a stage then is named where the name before it has ended. */
function withoutNames(stages: readonly StageHead[]): ReadonlySet<StageHead> {
  const left = new Set<StageHead>();
  let free = -Infinity;
  for (const head of stages) {
    if (head.rect.x < free) left.add(head);
    else free = head.rect.x + UPRIGHT;
  }
  return left;
}

function paintStage(pen: Pen, scene: Scene, { stage, rect, folded }: StageHead, named: boolean): void {
  const { editor, theme } = scene;
  const { chosen, lively } = isOn(scene, 'stage', stage.id);
  const shape = screenRect(rect.x + 1, rect.y + 4, rect.width - 4, rect.height - 8);
  chevron(pen, shape);
  pen.fillStyle = lively ? theme.surface2 : theme.surface;
  pen.fill();
  pen.lineWidth = chosen ? 2 : 1;
  pen.strokeStyle = chosen ? theme.accent : theme.line;
  pen.stroke();
  if (editor.editing?.kind === 'stage' && editor.editing.id === stage.id) return;

  if (rect.width < 52 || folded) return named ? paintUpright(pen, scene, stage.name, rect) : undefined;
  const start = TIP + 8;
  const width = rect.width - start - 6;
  const size = nameSize(pen, stage.name, width);
  const large = size === 15;
  const style = font(size, 600);
  const figures = stageFigures(editor.journey, stage, editor.overrides);
  const roomy = width >= 70 && figures.length > 0;
  const name = fitLines(pen, stage.name, style, width, roomy ? 2 : 3);
  const small = font(12, 450);
  const more = roomy ? figureLines(pen, figures, small, width, name.length > 1 ? 1 : 2) : [];
  const step = large ? 18 : 15;
  const tall = name.length * step + more.length * 15;
  const text = Math.max(widest(pen, name, style), widest(pen, more, small));
  // The name slides along while its stage leaves the view, and goes with its end.
  const left = Math.max(rect.x, Math.min(editor.frame.body.x - TIP, rect.x + width - text)) + start;
  let y = rect.y + (rect.height - tall) / 2 + step - 4;
  pen.font = style;
  pen.fillStyle = theme.ink;
  for (const line of name) {
    pen.fillText(line, left, y);
    y += step;
  }
  pen.font = small;
  pen.fillStyle = theme.ink2;
  y -= step - 15;
  for (const line of more) {
    pen.fillText(line, left, y);
    y += 15;
  }
  if (lively && editor.canEdit && rect.width > 70) paintDots(pen, scene, menuButton(rect, false));
}

/** The largest of the sizes for stage names in which no word has to be cut. */
function nameSize(pen: Pen, name: string, width: number): number {
  const words = name.split(/[\s-]+/);
  const fits = (size: number) => widest(pen, words, font(size, 600)) <= width;
  return [15, 13].find(fits) ?? 12;
}

/** The name of a stage too narrow for it, running upwards, in as many lines as stand side by side. */
function paintUpright(pen: Pen, { theme }: Scene, name: string, rect: ScreenRect): void {
  const step = 14;
  saved(pen, () => {
    const style = font(12, 600);
    const most = Math.max(1, Math.min(3, Math.floor((rect.width - TIP / 4) / step)));
    const lines = fitLines(pen, name, style, rect.height - 10, most);
    const middle = rect.x + Math.max(UPRIGHT, rect.width) / 2 + TIP / 4;
    pen.translate(middle - ((lines.length - 1) * step) / 2 + 4, rect.y + rect.height - 5);
    pen.rotate(-Math.PI / 2);
    pen.font = style;
    pen.fillStyle = theme.ink;
    lines.forEach((line, index) => pen.fillText(line, 0, index * step));
  });
}

/** One line a figure; what finds no line is counted at the end of the last. */
function figureLines(
  pen: Pen,
  figures: readonly string[],
  style: string,
  width: number,
  room: number
): string[] {
  if (figures.length === 1) return [...fitLines(pen, figures[0] ?? '', style, width, room)];
  pen.font = style;
  const shown = figures.slice(0, room);
  const rest = figures.length - shown.length;
  return shown.map((figure, index) =>
    fitFigure(pen, figure, rest > 0 && index === shown.length - 1 ? ` +${rest}` : '', width)
  );
}

/** Shortens the name in "→ Sign-up 12%", never the number. */
function fitFigure(pen: Pen, figure: string, tail: string, width: number): string {
  const whole = figure + tail;
  const cut = figure.lastIndexOf(' ');
  if (pen.measureText(whole).width <= width || cut <= 0) return whole;
  const end = figure.slice(cut) + tail;
  let name = figure.slice(0, cut);
  while (name.length > 2 && pen.measureText(`${name}…${end}`).width > width) name = name.slice(0, -1);
  return `${name.trimEnd()}…${end}`;
}

function paintLane(pen: Pen, scene: Scene, { lane, rect, folded }: LaneHead, named: boolean): void {
  const { editor, theme } = scene;
  const { chosen, lively } = isOn(scene, 'lane', lane.id);
  const hue = theme.lanes[lane.kind];
  faint(pen, lively ? 0.16 : 0.09, () => {
    pen.fillStyle = hue;
    pen.fillRect(rect.x, rect.y, rect.width, rect.height);
  });
  pen.fillStyle = hue;
  pen.fillRect(rect.x, rect.y, 6, rect.height);
  pen.fillStyle = theme.line;
  pen.fillRect(rect.x, rect.y + rect.height - 0.5, rect.width, 1);
  if (chosen) outline(pen, scene, rect);
  if (editor.editing?.kind === 'lane' && editor.editing.id === lane.id) return;
  if (named) titleText(pen, scene, folded ? `▸ ${lane.name}` : lane.name, [], rect);
  if (lively && editor.canEdit && rect.height > 28) paintDots(pen, scene, menuButton(rect, true));
}

function paintBandTitle(pen: Pen, scene: Scene, { stage, rect }: StageHead): void {
  const { editor, theme } = scene;
  const { chosen, lively } = isOn(scene, 'stage', stage.id);
  fillRound(pen, rect, [10, 0, 0, 10], lively ? theme.surface2 : theme.surface);
  strokeRound(pen, rect, 0, theme.line, 1);
  if (chosen) outline(pen, scene, rect);
  if (editor.editing?.kind === 'stage' && editor.editing.id === stage.id) return;
  titleText(pen, scene, stage.name, stageFigures(editor.journey, stage, editor.overrides), rect);
  if (lively && editor.canEdit && rect.height > 28) paintDots(pen, scene, menuButton(rect, true));
}

const outline = (pen: Pen, { theme }: Scene, { x, y, width, height }: ScreenRect): void =>
  strokeRound(pen, { x: x + 1, y: y + 1, width: width - 2, height: height - 2 }, 4, theme.accent, 2);

/** A name at the top of a title, sliding down while its row leaves the view; numbers below when there is room. */
function titleText(
  pen: Pen,
  { editor, theme }: Scene,
  name: string,
  figures: readonly string[],
  rect: ScreenRect
): void {
  const width = rect.width - 24;
  const style = font(rect.height < 40 || rect.width < 110 ? 12 : 13, 600);
  const small = font(12, 450);
  const most = Math.max(1, Math.min(4, Math.floor((rect.height - 4) / 17)));
  const lines = fitLines(pen, name, style, width, most);
  const room = Math.floor((rect.height - 16 - lines.length * 17) / 16);
  const more =
    room > 0 ? figures.flatMap((figure) => fitLines(pen, figure, small, width, 2)).slice(0, room) : [];
  const tall = lines.length * 17 + more.length * 16;
  const inset = rect.height < 40 ? Math.max(0, (rect.height - tall) / 2 - 1) : 10;
  const top =
    Math.max(rect.y, Math.min(editor.frame.body.y, rect.y + rect.height - tall - 2 * inset)) + inset;
  let y = top + 13;
  pen.font = style;
  pen.fillStyle = theme.ink;
  for (const line of lines) {
    pen.fillText(line, rect.x + 16, y);
    y += 17;
  }
  pen.font = small;
  pen.fillStyle = theme.ink2;
  for (const line of more) {
    pen.fillText(line, rect.x + 16, y);
    y += 16;
  }
}

function paintDots(pen: Pen, { editor, theme }: Scene, box: ScreenRect): void {
  const over = editor.hovered.kind === 'stageMenu' || editor.hovered.kind === 'laneMenu';
  fillRound(pen, box, 6, over ? theme.line : theme.surface2);
  pen.fillStyle = theme.ink2;
  for (const side of [-1, 0, 1]) {
    pen.beginPath();
    pen.arc(box.x + box.width / 2 + side * 5, box.y + box.height / 2, 1.6, 0, 2 * Math.PI);
    pen.fill();
  }
}

function paintPlus(pen: Pen, { editor, theme }: Scene, box: ScreenRect, kind: 'addStage' | 'addLane'): void {
  const over = editor.hovered.kind === kind;
  fillRound(pen, box, 6, over ? theme.surface : theme.canvas);
  strokeRound(pen, box, 6, over ? theme.accent : theme.line, 1);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  pen.beginPath();
  pen.moveTo(x - 6, y);
  pen.lineTo(x + 6, y);
  pen.moveTo(x, y - 6);
  pen.lineTo(x, y + 6);
  pen.lineCap = 'round';
  pen.lineWidth = 1.75;
  pen.strokeStyle = over ? theme.accent : theme.ink2;
  pen.stroke();
}

/** In the corner between both heads: whose numbers stand on the board, and how the changed ones are marked. */
function paintScenario(pen: Pen, { editor, theme }: Scene, { x, y, width, height }: ScreenRect): void {
  const scenario = editor.journey.scenarios.find(({ id }) => id === editor.scenario);
  if (scenario === undefined || height < 30) return;
  const style = font(12, 600);
  const lines = fitLines(pen, scenario.name || 'Unnamed scenario', style, width - 20, height < 60 ? 1 : 2);
  let line = y + height / 2 - lines.length * 8 + 4;
  pen.font = style;
  pen.fillStyle = theme.accent;
  for (const text of lines) {
    pen.fillText(text, x + 12, line);
    line += 16;
  }
  pen.font = font(12, 450);
  pen.fillStyle = theme.ink2;
  const note = editor.overrides.size === 0 ? 'as the baseline' : `${CHANGED}changed`;
  if (pen.measureText(note).width <= width - 16) pen.fillText(note, x + 12, line);
}

/** While a stage or lane is carried: a line where it would go, its name at the pointer. */
function paintMoves(pen: Pen, { editor, theme }: Scene): void {
  const { gesture, layout, camera, journey } = editor;
  if (gesture.kind !== 'stageMove' && gesture.kind !== 'laneMove') return;
  pen.fillStyle = theme.accent;
  if (gesture.kind === 'stageMove') {
    const others = layout.columns.filter(({ stage }) => stage.id !== gesture.id);
    const last = layout.columns.at(-1);
    const x = others[gesture.index]?.x ?? (last === undefined ? 0 : last.x + last.width);
    const before = (x - camera.x) * camera.zoom;
    pen.fillRect(before - 2, editor.frame.headerTop, 4, editor.viewport.height);
  } else {
    const others = layout.rows.filter(({ lane }) => lane.id !== gesture.id);
    const y = others[gesture.index]?.y ?? layout.grid.height;
    pen.fillRect(editor.frame.titleLeft, (y - camera.y) * camera.zoom - 2, editor.viewport.width, 4);
  }
  const name =
    gesture.kind === 'stageMove'
      ? journey.stages.find(({ id }) => id === gesture.id)?.name
      : journey.lanes.find(({ id }) => id === gesture.id)?.name;
  pen.font = font(13, 600);
  const width = pen.measureText(name ?? '').width + 24;
  const box = screenRect(gesture.at.x + 8, gesture.at.y + 8, width, 30);
  fillRound(pen, box, 6, theme.accent);
  pen.fillStyle = theme.accentInk;
  pen.fillText(name ?? '', box.x + 12, box.y + 20);
}
