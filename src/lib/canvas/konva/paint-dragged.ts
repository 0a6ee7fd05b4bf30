import type { CardId, ObjectId } from '#lib/journey/ids.ts';
import { METRE } from '../geometry/metre.ts';
import { paintCard } from './paint-cards.ts';
import { paintObject } from './paint-objects.ts';
import { faint, saved, strokeRound, type Pen } from './pen.ts';
import { onBoard, type ObjectScene } from './scene.ts';

/** What others are carrying, as ghosts in their colour: it stays where it is until they drop it. */
export function paintDragged(pen: Pen, scene: ObjectScene): void {
  const { editor } = scene;
  if (editor.companions.every(({ drag }) => drag === null)) return;
  onBoard(pen, scene, () => {
    for (const { drag, selection, color } of editor.companions) {
      if (drag === null) continue;
      for (const id of selection) {
        const object = editor.objects.get(id as ObjectId);
        if (object !== undefined)
          saved(pen, () => {
            pen.translate(drag.x, drag.y);
            faint(pen, 0.7, () => paintObject(pen, scene, object));
            strokeRound(pen, object.rect, 3, color, 2);
          });
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
