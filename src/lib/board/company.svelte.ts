import type { Editor } from '#lib/canvas/editor/editor.ts';
import { carryingOf } from '#lib/canvas/editor/gesture.ts';
import type { Companion } from '#lib/canvas/editor/types.ts';
import { visibleRect } from '#lib/canvas/geometry/camera.ts';
import { boardPoint, boardRect, type BoardPoint, type BoardRect } from '#lib/canvas/geometry/space.ts';
import type { MapConnection, Peer } from '#lib/collab/types.ts';
import { preferences } from './preferences.svelte.ts';

const CALL_LASTS = 20_000; // ms
const CHAT_STAYS = 6_000; // ms after its last letter
const SMOOTHING = 90; // ms in which the view covers 63% of its way to the other's

/**
 * Working together in one view: following somebody, asking everybody to come, a word at the cursor, and what others see
 * being dragged. All of it is presence: nothing here is stored.
 */
export class Company {
  readonly #editor: Editor;
  readonly #connection: MapConnection;
  #others: ReadonlyMap<number, Peer>;
  #leader: number | null = $state(null); // client id of whom we follow
  #leaderPeer: Peer | null = $state.raw(null);
  #caller: Peer | null = $state.raw(null);
  #calling = $state(false);
  #chat: string | null = $state(null);
  #followers = $state(0);

  /** Where the own pointer was last on the board; null when it has left. */
  cursor: BoardPoint | null = null;
  readonly #heard: Record<number, number> = {}; // calls that were shown, by tab
  #steering = false;
  #dragging = false;
  #pointing = false;
  #frame = 0;
  #last = 0;
  #callTimer: ReturnType<typeof setTimeout> | undefined;
  #chatTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(editor: Editor, connection: MapConnection) {
    this.#editor = editor;
    this.#connection = connection;
    this.#others = connection.others;
  }

  /** Whose view the board shows; null when it is the own. */
  get following(): Peer | null {
    return this.#leaderPeer;
  }

  /** Who asks everybody to come, until it is answered. */
  get caller(): Peer | null {
    return this.#caller;
  }

  /** True while the own question to everybody stands. */
  get calling(): boolean {
    return this.#calling;
  }

  /** How many tabs show this view. */
  get followers(): number {
    return this.#followers;
  }

  /** The own word at the cursor while its field is open; null when it is closed. */
  get chat(): string | null {
    return this.#chat;
  }

  // --- following ---------------------------------------------------------------------------------------------------

  follow(clientId: number): void {
    const peer = this.#others.get(clientId);
    if (peer === undefined) return;
    this.#leader = clientId;
    this.#leaderPeer = peer;
    this.#caller = null;
    this.#connection.setPresence({ following: clientId });
    this.#steer();
  }

  /** Ends following. False when nobody was followed. */
  unfollow(): boolean {
    if (this.#leader === null) return false;
    this.#leader = null;
    this.#leaderPeer = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#connection.setPresence({ following: null });
    return true;
  }

  /** The camera has moved: by our steering, or by the person, which ends following. */
  onCamera(): void {
    if (!this.#steering && this.#leader !== null) this.unfollow();
    if (this.#isWatched()) this.#tellView();
  }

  // --- asking everybody to come --------------------------------------------------------------------------------------

  callEveryone(): void {
    this.unfollow();
    this.#calling = true;
    const call = crypto.getRandomValues(new Uint32Array(1))[0] ?? 1;
    this.#connection.setPresence({ call, view: this.#view() });
    clearTimeout(this.#callTimer);
    this.#callTimer = setTimeout(() => this.endCall(), CALL_LASTS);
  }

  endCall(): void {
    clearTimeout(this.#callTimer);
    if (!this.#calling) return;
    this.#calling = false;
    this.#connection.setPresence({ call: null, ...(this.#isWatched() ? {} : { view: null }) });
  }

  /** Answers somebody's question: goes along, or stays. */
  answer(come: boolean): void {
    const caller = this.#caller;
    this.#caller = null;
    if (come && caller !== null) this.follow(caller.clientId);
  }

  // --- a word at the cursor ------------------------------------------------------------------------------------------

  openChat(): void {
    this.#chat ??= '';
    if (this.cursor !== null) return;
    const { x, y, width, height } = this.#view();
    this.#connection.setCursor(boardPoint(x + width / 2, y + height / 2));
  }

  say(text: string): void {
    this.#chat = text;
    this.#connection.setPresence({ chat: text });
    this.#fadeChat();
  }

  /** Closes the field; what was said stays for a moment, or goes at once. */
  closeChat(keep: boolean): void {
    if (this.#chat === null) return;
    this.#chat = null;
    if (keep) this.#fadeChat();
    else {
      clearTimeout(this.#chatTimer);
      this.#connection.setPresence({ chat: null });
    }
  }

  #fadeChat(): void {
    clearTimeout(this.#chatTimer);
    this.#chatTimer = setTimeout(() => this.#connection.setPresence({ chat: null }), CHAT_STAYS);
  }

  // --- what others see of a drag -------------------------------------------------------------------------------------

  onGesture(): void {
    const { gesture } = this.#editor;
    if (gesture.kind === 'laser' || this.#pointing) {
      this.#pointing = gesture.kind === 'laser';
      this.#connection.setPresence({ laser: gesture.kind === 'laser' ? gesture.at : null });
    }
    const carried = carryingOf(gesture);
    if (carried !== null && !carried.copies) {
      this.#dragging = true;
      this.#connection.setPresence({ drag: { x: carried.dx, y: carried.dy } });
    } else if (this.#dragging) {
      this.#dragging = false;
      this.#connection.setPresence({ drag: null });
    }
  }

  // --- the others ----------------------------------------------------------------------------------------------------

  /** Takes what is heard of everybody else, and answers how the canvas shows them. */
  update(others: ReadonlyMap<number, Peer>): Companion[] {
    const watched = this.#isWatched();
    this.#others = others;
    this.#followers = [...others.values()].filter(
      ({ following }) => following === this.#connection.clientId
    ).length;
    if (this.#leader !== null) {
      const leader = others.get(this.#leader) ?? null;
      if (leader === null) this.unfollow();
      else if (leader !== this.#leaderPeer) {
        this.#leaderPeer = leader;
        this.#steer();
      }
    }
    this.#listen(others);
    if (this.#isWatched() && !watched) this.#tellView();
    if (!this.#isWatched() && watched) this.#connection.setPresence({ view: null });
    return [...others.values()].map(companionOf);
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#callTimer);
    clearTimeout(this.#chatTimer);
  }

  /** Notices a new question; the same one is shown once, and goes when its asker takes it back or leaves. */
  #listen(others: ReadonlyMap<number, Peer>): void {
    const { clientId } = this.#connection;
    for (const peer of others.values()) {
      if (peer.call === null || this.#heard[peer.clientId] === peer.call) continue;
      this.#heard[peer.clientId] = peer.call;
      // Whoever follows already is there, and nobody is asked by their own other tab.
      if (
        peer.clientId !== this.#leader &&
        peer.following !== clientId &&
        peer.user.id !== this.#connection.me?.id
      )
        this.#caller = peer;
    }
    if (this.#caller !== null && (others.get(this.#caller.clientId)?.call ?? null) === null)
      this.#caller = null;
  }

  #isWatched(): boolean {
    return this.#calling || this.#followers > 0;
  }

  #view(): BoardRect {
    return visibleRect(this.#editor.camera, this.#editor.viewport);
  }

  #tellView(): void {
    this.#connection.setPresence({ view: this.#view() });
  }

  /** Moves the own view towards the one that is followed, a part of the way each frame. */
  #steer(): void {
    if (this.#frame !== 0) return;
    this.#last = performance.now();
    const step = (now: number): void => {
      this.#frame = 0;
      const to = this.#leaderPeer?.view;
      if (to === null || to === undefined) return;
      const from = this.#view();
      const part = this.#editor.glides ? 1 - Math.exp(-(now - this.#last) / SMOOTHING) : 1;
      this.#last = now;
      const goal = shownAs(to, from);
      const mix = (a: number, b: number) => a + (b - a) * part;
      const near =
        part === 1 ||
        Math.abs(goal.x - from.x) + Math.abs(goal.y - from.y) + Math.abs(goal.width - from.width) <
          from.width / 500;
      this.#steering = true;
      this.#editor.fillView(
        near
          ? goal
          : boardRect(
              mix(from.x, goal.x),
              mix(from.y, goal.y),
              mix(from.width, goal.width),
              mix(from.height, goal.height)
            )
      );
      this.#steering = false;
      if (!near) this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }
}

/** The smallest view of the window's own shape that shows all of another's, around the same middle. */
function shownAs(
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  window: BoardRect
): BoardRect {
  const shape = window.width / Math.max(1, window.height);
  const wide = Math.max(width, height * shape);
  const high = wide / shape;
  return boardRect(x + (width - wide) / 2, y + (height - high) / 2, wide, high);
}

const companionOf = ({ clientId, user, cursor, selection, editing, drag, chat, laser }: Peer): Companion => ({
  key: clientId,
  name: user.name,
  color: user.color,
  cursor: cursor === null || !preferences.cursors ? null : boardPoint(cursor.x, cursor.y),
  selection,
  editing,
  drag: drag === null ? null : boardPoint(drag.x, drag.y),
  chat,
  laser: laser === null ? null : boardPoint(laser.x, laser.y)
});
