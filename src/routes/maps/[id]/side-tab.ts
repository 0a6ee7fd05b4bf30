export type SideTab = 'clv' | 'opportunities' | 'comments' | 'details' | 'history';

/** Which panel is open, and why. */
export interface SideState {
  readonly tab: SideTab;
  /** The selection opened the details; it closes them again when it is gone. */
  readonly byItself: boolean;
  /** The person went back to CLV although something was selected: selections leave them there. */
  readonly stays: boolean;
}

export const AT_FIRST: SideState = { tab: 'clv', byItself: false, stays: false };

/** The person pressed a tab. */
export const chosen = (tab: SideTab, selected: boolean): SideState => ({
  tab,
  byItself: false,
  stays: tab === 'clv' && selected
});

/**
 * Something else, or nothing, is selected on the board. Details open for it, except while somebody works in the CLV
 * panel (`busy`: the focus is inside) or has just chosen to look at it, or is among the opportunities or comments, which take
 * what is selected for themselves, or in the history, which has nothing to do with it.
 */
export const selectionChanged = (state: SideState, selected: boolean, busy: boolean): SideState => {
  if (['opportunities', 'comments', 'history'].includes(state.tab)) return state;
  if (!selected) return state.byItself ? AT_FIRST : { ...state, stays: false };
  if (state.tab === 'details' || state.stays || busy) return state;
  return { tab: 'details', byItself: true, stays: false };
};
