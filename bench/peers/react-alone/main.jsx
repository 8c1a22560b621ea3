// What React takes before there is any form.
import { useState } from "react";
import { createRoot } from "react-dom/client";

function Subject() {
  const [text, setText] = useState("");
  return <input id="subject" value={text} onChange={(event) => setText(event.target.value)} />;
}

createRoot(document.getElementById("root")).render(<Subject />);
