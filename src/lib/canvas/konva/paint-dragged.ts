import type { CardId } from '#lib/journey/ids.ts';
import { METRE } from '../geometry/metre.ts';
import { paintCard } from './paint-cards.ts';
import { faint, saved, strokeRound, type Pen } from './pen.ts';
import { onBoard, type Scene } from './scene.ts';

/** What others are carrying, as ghosts in their colour: it stays where it is until they drop it. */
export function paintDragged(pen: Pen, scene: Scene): void {
  const { editor } = scene;
  if (editor.companions.every(({ drag }) => drag === null)) return;
  onBoard(pen, scene, () => {
    for (const { drag, selection, color } of editor.companions) {
      if (drag === null) continue;
      for (const id of selection) {
        const card = editor.layout.cards.get(id as CardId);
        if (card === undefined) continue;
        saved(pen, () => {
          pen.translate(drag.x, drag.y);
          faint(pen, 0.7, () => paintCard(pen, scene, card));
          strokeRound(pen, card.rect, METRE.cardRadius, color, 2);
        });
      }
    }
  });
}
