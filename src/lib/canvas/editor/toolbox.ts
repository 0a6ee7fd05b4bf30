import { FIRST_STYLE, type ToolStyle } from './tools/style.ts';
import { isSafeTool, staysActive, type ToolId } from './tools/tool-ids.ts';

/** Distance of the grid's dots, in board units. */
const GRID = 20;

/** The tool in a person's hand, and what is set for it. */
export class Toolbox {
  readonly #changed: () => void;
  #tool: ToolId = 'select';
  #handHeld = false;
  #locked = false;
  #style: ToolStyle = FIRST_STYLE;
  #gridShown = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The tool in force: the chosen one, or the hand while it is held. */
  get tool(): ToolId {
    return this.#handHeld ? 'hand' : this.#tool;
  }

  /** Does nothing for a tool that writes, in the hand of somebody who may not. */
  take(tool: ToolId, canEdit: boolean): void {
    if (!isSafeTool(tool) && !canEdit) return;
    this.#tool = tool;
    this.#changed();
  }

  /** A tool that made something goes back to selecting, unless it stays in hand. */
  used(): void {
    if (!this.#locked && !staysActive(this.#tool)) this.take('select', true);
  }

  /** The tool stays in hand after it was used. */
  get locked(): boolean {
    return this.#locked;
  }

  set locked(locked: boolean) {
    this.#locked = locked;
    this.#changed();
  }

  /** How what is made next will look. */
  get style(): ToolStyle {
    return this.#style;
  }

  set style(style: ToolStyle) {
    this.#style = style;
    this.#changed();
  }

  get grid(): number | null {
    return this.#gridShown ? GRID : null;
  }

  get gridShown(): boolean {
    return this.#gridShown;
  }

  set gridShown(shown: boolean) {
    this.#gridShown = shown;
    this.#changed();
  }

  /** Space is down or up. */
  holdHand(held: boolean): void {
    if (held === this.#handHeld) return;
    this.#handHeld = held;
    this.#changed();
  }
}
