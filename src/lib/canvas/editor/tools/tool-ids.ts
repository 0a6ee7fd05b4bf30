/** Which tool the pointer has. Space or the middle button give the hand for as long as they are held. */
export const TOOL_IDS = [
  'select',
  'hand',
  'sticky',
  'text',
  'rectangle',
  'ellipse',
  'line',
  'connector',
  'pen',
  'highlighter',
  'eraser',
  'frame',
  'stamp',
  'laser',
  'comment'
] as const;
export type ToolId = (typeof TOOL_IDS)[number];

/** Tools that put a box where it is pressed or drawn. */
export const BOX_TOOLS = ['sticky', 'text', 'rectangle', 'ellipse', 'frame', 'stamp'] as const;
export type BoxTool = (typeof BOX_TOOLS)[number];

export const isBoxTool = (tool: ToolId): tool is BoxTool => (BOX_TOOLS as readonly ToolId[]).includes(tool);

/** Tools that change nothing on the map. */
export const isSafeTool = (tool: ToolId): boolean =>
  tool === 'select' || tool === 'hand' || tool === 'laser' || tool === 'comment';

/** Tools that stay after one use, whether locked or not. */
export const staysActive = (tool: ToolId): boolean =>
  isSafeTool(tool) || tool === 'pen' || tool === 'highlighter' || tool === 'eraser';
