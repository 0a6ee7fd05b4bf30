import { fireEvent, render } from '@testing-library/svelte';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTestBoard } from './test-board.ts';
import ToolColumn from './ToolColumn.svelte';

/** The column beside a board of 800 x 600 at (100, 50). */
function show() {
  const { session } = openTestBoard();
  const host = document.createElement('div');
  host.dataset.testid = 'board';
  host.getBoundingClientRect = () => new DOMRect(100, 50, 800, 600);
  document.body.append(host);
  onTestFinished(() => host.remove());
  const { getByRole } = render(ToolColumn, { session });
  const button = getByRole('button', { name: 'Rectangle' });
  button.setPointerCapture = () => undefined;
  const send = (type: 'down' | 'move' | 'up', clientX: number, clientY: number) =>
    fireEvent(
      button,
      new PointerEvent(`pointer${type}`, { clientX, clientY, bubbles: true, cancelable: true, button: 0 })
    );
  return { session, button, send };
}

describe('Drag a tool', () => {
  it('Drag a tool: what it makes stands where it is dropped, and the tool goes back to Select', async () => {
    const { session, button, send } = show();
    await send('down', 20, 200);
    await send('move', 60, 220);
    expect(session.tool).toBe('rectangle');
    await send('move', 600, 400);
    await send('up', 600, 400);
    await fireEvent.click(button); // follows a press that the button had captured
    const [object] = session.journey.objects;
    expect(object?.kind).toBe('rectangle');
    expect(session.selection).toMatchObject({ kind: 'objects', ids: [object?.id] });
    expect(session.tool).toBe('select');
    expect(session.journey.objects).toHaveLength(1);
  });

  it('Drag a tool: dropped beside the board, it is only in hand; a plain press takes it too', async () => {
    const { session, button, send } = show();
    await send('down', 20, 200);
    await send('move', 20, 260);
    await send('up', 20, 260);
    await fireEvent.click(button);
    expect([session.tool, session.journey.objects.length]).toEqual(['rectangle', 0]);
    session.editor.tool = 'select';
    await send('down', 20, 200);
    await send('up', 20, 200);
    await fireEvent.click(button);
    expect(session.tool).toBe('rectangle');
  });
});
