import { costLabel } from '../editor/labels.ts';
import { visibleRect } from '../geometry/camera.ts';
import type { CellLayout } from '../geometry/cell-layout.ts';
import type { BandLayout } from '../geometry/layout.ts';
import { METRE } from '../geometry/metre.ts';
import { overlaps, type BoardRect } from '../geometry/space.ts';
import { faint, fillRound, font, type Pen } from './pen.ts';
import { inBlocks, onBoard, type Scene } from './scene.ts';

/** The lanes' tints, the lines between stages, the strips of bands. */
export function paintGrid(pen: Pen, scene: Scene): void {
  const { theme, camera, viewport } = scene;
  const { layout } = scene.editor;
  const view = visibleRect(camera, viewport);
  const hair = 1 / camera.zoom;
  onBoard(pen, scene, () => {
    const { grid } = layout;
    for (const { lane, y, height } of layout.rows) {
      if (!overlaps({ x: 0, y, width: grid.width, height }, view)) continue;
      tint(pen, theme.lanes[lane.kind], { x: 0, y, width: grid.width, height });
    }
    pen.fillStyle = theme.line;
    for (const { x, width } of layout.columns) pen.fillRect(x + width - hair / 2, 0, hair, grid.height);
    if (layout.columns.length > 0)
      for (const { y, height } of layout.rows) pen.fillRect(0, y + height - hair / 2, grid.width, hair);
    for (const band of layout.bands) if (overlaps(band.rect, view)) paintBand(pen, scene, band);
  });
}

const tint = (pen: Pen, color: string, { x, y, width, height }: BoardRect): void =>
  faint(pen, 0.06, () => {
    pen.fillStyle = color;
    pen.fillRect(x, y, width, height);
  });

/** A strip that points on at its right end, as the stages do. */
function paintBand(pen: Pen, { camera, theme }: Scene, { rect }: BandLayout): void {
  const { x, y, width, height } = rect;
  const tip = METRE.band.tip;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + width, y);
  pen.lineTo(x + width + tip, y + height / 2);
  pen.lineTo(x + width, y + height);
  pen.lineTo(x, y + height);
  pen.closePath();
  faint(pen, 0.07, () => {
    pen.fillStyle = theme.accent;
    pen.fill();
  });
  pen.lineWidth = 1 / camera.zoom;
  pen.strokeStyle = theme.line;
  pen.stroke();
}

/** What stands in cells besides cards: the lane's name in a band, costs. */
export function paintCells(pen: Pen, scene: Scene): void {
  const { theme, camera, viewport } = scene;
  const { layout } = scene.editor;
  const view = visibleRect(camera, viewport);
  const hair = 1 / camera.zoom;
  onBoard(pen, scene, () => {
    for (const cell of layout.cells.within(view)) {
      const { x, y, height } = cell.rect;
      if (cell.inBand) {
        pen.fillStyle = theme.line;
        if (x > 0) pen.fillRect(x - hair / 2, y, hair, height);
      }
      if (inBlocks(scene)) continue;
      if (cell.inBand) paintLaneName(pen, scene, cell);
      if (cell.chip !== null) paintCost(pen, scene, cell, cell.chip);
    }
  });
}

function paintLaneName(pen: Pen, { camera, theme }: Scene, { lane, rect }: CellLayout): void {
  pen.font = font(Math.max(12, Math.min(20, 10.5 / camera.zoom)), 600);
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  fillRound(pen, { x: rect.x + 10, y: rect.y + 11, width: 6, height: 12 }, 2, theme.lanes[lane.kind]);
  pen.fillStyle = theme.ink2;
  pen.fillText(lane.name, rect.x + 22, rect.y + 17, rect.width - 32);
}

function paintCost(pen: Pen, scene: Scene, cell: CellLayout, chip: BoardRect): void {
  const { editor } = scene;
  const place = { lane: cell.lane.id, stage: cell.stage.id };
  const label = costLabel(editor.journey, place, editor.overrides);
  if (label !== null) paintChip(pen, scene, cell, chip, label, true);
}

/** A quiet "+ cost" where one may be set, in the cell under the pointer or selected. */
export function paintCostHint(pen: Pen, scene: Scene, cell: CellLayout): void {
  if (cell.chip === null) return;
  const place = { lane: cell.lane.id, stage: cell.stage.id };
  if (costLabel(scene.editor.journey, place) === null)
    paintChip(pen, scene, cell, cell.chip, '+ cost', false);
}

function paintChip(
  pen: Pen,
  { theme }: Scene,
  cell: CellLayout,
  chip: BoardRect,
  text: string,
  isSet: boolean
): void {
  pen.font = font(12, isSet ? 550 : 450);
  pen.textBaseline = 'middle';
  pen.textAlign = 'right';
  const width = Math.min(cell.rect.width - 48, pen.measureText(text).width + 16);
  const right = chip.x + chip.width;
  const box = { x: right - width, y: chip.y, width, height: chip.height };
  if (isSet) {
    fillRound(pen, box, 11, theme.surface);
    pen.strokeStyle = theme.line;
    pen.lineWidth = 1;
    pen.stroke();
  }
  pen.fillStyle = isSet ? theme.ink : theme.ink2;
  pen.fillText(text, right - 8, chip.y + chip.height / 2 + 0.5, width - 12);
}
