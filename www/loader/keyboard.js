// Keeps what the agent types from the portal's shortcuts. A portal's listener sees the element as the target of a key, and cannot know that
// somebody types in a field inside.

/** Stops the keys that write, move or choose in a control. Escape, Tab, function keys and chords go on to the page. */
export function keepTypingInside(root) {
  for (const type of ["keydown", "keypress", "keyup"]) {
    root.addEventListener(type, (event) => {
      // AltGr writes characters, and counts as Control and Alt on Windows.
      const isChord = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
      if (event.target.matches("input, textarea, select") && !isChord && !/^(Escape|Tab|F\d+)$/.test(event.key)) event.stopPropagation();
    });
  }
}
