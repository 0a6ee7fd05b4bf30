import type { Editor } from '#lib/canvas/editor/editor.ts';
import { moveToNextCell } from '#lib/canvas/editor/navigation.ts';
import { DRAFT } from '#lib/canvas/editor/preview.ts';
import type { Editing } from '#lib/canvas/editor/types.ts';
import { rectToScreen } from '#lib/canvas/geometry/camera.ts';
import { badgeSpace } from '#lib/canvas/geometry/cell-layout.ts';
import { textBox, textStyle } from '#lib/canvas/geometry/placed-object.ts';
import { bindText } from '#lib/document/text-binding.ts';
import { toggleList, toggleMark } from '#lib/journey/card-text.ts';
import { LIMITS } from '#lib/journey/limits.ts';
import { toaster } from '#lib/ui/toaster.svelte.ts';
import { isMac, matches } from './keys.ts';

/**
 * Opens the editor's texts in one text field that is always there, so that it can take the focus inside the very event
 * that asked for it (phones show their keyboard only then). Cards are bound to their shared text; names are written
 * when the field closes, whatever closes it: only Escape drops a name.
 */
export function attachTextOverlay(field: HTMLTextAreaElement, host: HTMLElement, editor: Editor): () => void {
  let open: Editing | null = null;
  let unbind = (): void => undefined;
  const stops = new AbortController();
  const { signal } = stops;

  const place = (): void => {
    if (open === null) return;
    const box = boxOf(editor, open);
    if (box === null) return;
    const { x, y, width, height, scale } = box;
    Object.assign(field.style, {
      width: `${width}px`,
      height: `${height}px`,
      transform: `translate(${x}px, ${y}px) scale(${scale})`
    });
  };

  /** A card's text looks as the style sheet says; an object's as its kind has it. */
  const setStyle = (editing: Editing): void => {
    const placed = editing.kind === 'object' ? editor.objects.get(editing.id) : undefined;
    const style = placed === undefined ? null : textStyle(placed.object);
    Object.assign(field.style, {
      fontSize: style === null ? '' : `${style.size}px`,
      lineHeight: style === null ? '' : `${style.line}px`,
      padding: style === null ? '' : `${style.padding}px`,
      textAlign: style?.align === 'center' ? 'center' : '',
      fontWeight: placed?.object.kind === 'text' && (style?.size ?? 0) > 24 ? '600' : ''
    });
  };

  const bindShared = (): void => {
    if (open?.kind !== 'card' && open?.kind !== 'object') return;
    const { document } = editor;
    const text = open.kind === 'card' ? document.cardText(open.id) : document.objects.openText(open.id);
    if (text !== null) unbind = bindText(field, text, (edit) => editor.document.typing(edit), place);
  };

  const show = (editing: Editing): void => {
    const fromDraft = open?.kind === 'draft' && editing.kind === 'card';
    open = editing;
    field.dataset.open = editing.kind;
    setStyle(editing);
    field.maxLength = longest(editing);
    place();
    if (fromDraft) {
      const { selectionStart, selectionEnd } = field;
      bindShared();
      field.setSelectionRange(selectionStart, selectionEnd);
      return;
    }
    field.setAttribute('aria-label', labelOf(editor, editing));
    if (editing.kind === 'draft') field.value = editing.text;
    else if (editing.kind === 'card' || editing.kind === 'object') bindShared();
    else field.value = nameOf(editor, editing);
    field.focus({ preventScroll: true });
    if (editing.kind === 'stage' || editing.kind === 'lane') field.select();
    else field.setSelectionRange(field.value.length, field.value.length);
    if (editing.kind === 'draft' && editing.text !== '') editor.writeDraft(field.value);
  };

  /** Writes what is not in the document yet: a changed name, and letters that an input method still held. */
  const commit = (): void => {
    if (open === null || !editor.canEdit) return;
    if (open.kind === 'draft' && field.value !== '') editor.writeDraft(field.value);
    unbind();
    unbind = () => undefined;
    if (open.kind !== 'stage' && open.kind !== 'lane') return;
    const name = field.value.replace(/\s+/g, ' ').trim();
    if (name === '' || name === nameOf(editor, open)) return;
    if (open.kind === 'stage') editor.document.renameStage(open.id, name);
    else editor.document.renameLane(open.id, name);
  };

  const hide = (): void => {
    unbind();
    unbind = () => undefined;
    open = null;
    delete field.dataset.open;
    field.value = '';
    if (document.activeElement === field) host.focus({ preventScroll: true });
  };

  const onKey = (event: KeyboardEvent): void => {
    // Keys that work everywhere go on to the board, which leaves all others to the field.
    if (event.isComposing || open === null) return;
    if (open.kind === 'card' && markByKey(field, event)) return;
    const { key } = event;
    const isName = open.kind === 'stage' || open.kind === 'lane';
    if (key === 'Escape') {
      if (isName) field.value = nameOf(editor, open);
      editor.finishEditing();
    } else if (key === 'Enter' && endsWithEnter(editor, open, event)) editor.finishEditing();
    else if (key === 'Tab') {
      const onGrid = open.kind !== 'object';
      editor.finishEditing();
      if (onGrid) moveToNextCell(editor, event.shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
  };
  const onInput = (): void => {
    // An input method's first letters wait for the end of the composition: binding would write halves of it.
    if (open?.kind === 'draft' && field.value !== '' && !composing) editor.writeDraft(field.value);
    place();
  };
  let composing = false;
  field.addEventListener('keydown', onKey, { signal });
  field.addEventListener('compositionstart', () => (composing = true), { signal });
  field.addEventListener(
    'compositionend',
    () => {
      composing = false;
      onInput();
    },
    { signal }
  );
  field.addEventListener('input', onInput, { signal });
  field.addEventListener('paste', (event) => sayWhatIsCut(field, event), { signal });
  field.addEventListener('blur', () => open !== null && editor.finishEditing(), { signal });

  const unsubscribe = editor.subscribe((aspect) => {
    if (aspect === 'camera' || aspect === 'layout') return place();
    if (aspect === 'finishing') return commit();
    if (aspect !== 'editing') return;
    const { editing } = editor;
    if (editing === null) {
      if (open !== null) hide();
    } else if (editing !== open) show(editing);
  });
  return () => {
    if (open !== null) editor.finishEditing();
    unsubscribe();
    stops.abort();
  };
}

/** Mod+B, Mod+I and Mod+Shift+8 set marks on the selection; true when the key was one of them. */
function markByKey(field: HTMLTextAreaElement, event: KeyboardEvent): boolean {
  const mac = isMac();
  const change = matches(event, 'Mod+B', mac)
    ? (['bold'] as const)
    : matches(event, 'Mod+I', mac)
      ? (['italic'] as const)
      : matches(event, 'Mod+Shift+8', mac)
        ? (['list'] as const)
        : null;
  if (change === null) return false;
  event.preventDefault();
  const { value, selectionStart, selectionEnd } = field;
  const [kind] = change;
  const marked =
    kind === 'list'
      ? toggleList(value, selectionStart, selectionEnd)
      : toggleMark(value, selectionStart, selectionEnd, kind);
  if (marked.text.length > LIMITS.cardText) return true;
  field.value = marked.text;
  field.setSelectionRange(marked.start, marked.end);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return true;
}

/** The browser cuts what is pasted at the field's length without a word. */
function sayWhatIsCut(field: HTMLTextAreaElement, { clipboardData }: ClipboardEvent): void {
  const pasted = (clipboardData?.getData('text/plain') ?? '').replace(/\r\n/g, '\n').length;
  const kept = field.value.length - (field.selectionEnd - field.selectionStart);
  const left = kept + pasted - field.maxLength;
  if (field.maxLength < 0 || left <= 0) return;
  const text = `Only ${field.maxLength} characters fit here: the last ${Math.min(left, pasted)} of what you pasted were left out.`;
  toaster.show({ text, duration: 10_000 });
}

/** Enter ends names and cards; a note takes it as a new line, and ends with Mod+Enter. */
function endsWithEnter(editor: Editor, open: Editing, event: KeyboardEvent): boolean {
  if (open.kind !== 'object') return open.kind === 'stage' || open.kind === 'lane' || !event.shiftKey;
  const kind = editor.objects.get(open.id)?.object.kind;
  return kind === 'frame' || event.ctrlKey || event.metaKey;
}

function longest(editing: Editing): number {
  if (editing.kind === 'object') return LIMITS.objectText;
  return editing.kind === 'card' || editing.kind === 'draft' ? LIMITS.cardText : LIMITS.name;
}

function nameOf(editor: Editor, editing: Editing): string {
  const { stages, lanes } = editor.journey;
  if (editing.kind === 'stage') return stages.find(({ id }) => id === editing.id)?.name ?? '';
  if (editing.kind === 'lane') return lanes.find(({ id }) => id === editing.id)?.name ?? '';
  return '';
}

function labelOf(editor: Editor, editing: Editing): string {
  switch (editing.kind) {
    case 'card':
      return 'Card text';
    case 'draft':
      return 'New card';
    case 'stage':
      return `Name of stage ${nameOf(editor, editing)}`;
    case 'lane':
      return `Name of lane ${nameOf(editor, editing)}`;
    case 'object':
      return 'Text of the object';
  }
}

interface Box {
  readonly x: number; // pixels on the canvas
  readonly y: number;
  readonly width: number; // before scaling
  readonly height: number;
  readonly scale: number;
}

function boxOf(editor: Editor, editing: Editing): Box | null {
  const { layout, camera, frame } = editor;
  switch (editing.kind) {
    case 'card':
    case 'draft': {
      const card = layout.cards.get(editing.kind === 'card' ? editing.id : DRAFT);
      if (card === undefined) return null;
      const { x, y } = rectToScreen(camera, card.rect);
      const { width, height } = card.rect;
      return { x, y, width, height: height - badgeSpace(card.badges), scale: camera.zoom };
    }
    case 'object': {
      const placed = editor.objects.get(editing.id);
      if (placed === undefined) return null;
      const box = textBox(placed);
      const { x, y } = rectToScreen(camera, box);
      return { x, y, width: box.width, height: box.height, scale: camera.zoom };
    }
    case 'stage': {
      const band = frame.bands.find(({ stage }) => stage.id === editing.id)?.rect;
      const rect = band ?? frame.stages.find(({ stage }) => stage.id === editing.id)?.rect;
      if (rect === undefined) return null;
      const x = Math.max(rect.x, frame.titleLeft) + (band === undefined ? 14 : 8);
      const width = Math.max(110, rect.width - (band === undefined ? 28 : 14));
      return { x, y: rect.y + (band === undefined ? 16 : 6), width, height: 34, scale: 1 };
    }
    case 'lane': {
      const rect = frame.lanes.find(({ lane }) => lane.id === editing.id)?.rect;
      if (rect === undefined) return null;
      return {
        x: rect.x + 8,
        y: Math.max(rect.y, frame.body.y) + 4,
        width: Math.max(120, rect.width - 12),
        height: 34,
        scale: 1
      };
    }
  }
}
