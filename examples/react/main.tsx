import { useRef, useState, type DetailedHTMLProps, type HTMLAttributes, type Ref } from "react";
import { createRoot } from "react-dom/client";
import type { PartnerCaseForm, PartnerCaseFormEventMap, PartnerCaseFormProperties } from "partner-case-form";
import "partner-case-form";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      // React 19 sets properties where the element has them, and listens where a name begins with "on".
      "partner-case-form": DetailedHTMLProps<HTMLAttributes<PartnerCaseForm>, PartnerCaseForm> &
        Partial<PartnerCaseFormProperties> & {
          ref?: Ref<PartnerCaseForm>;
          "onpartner-case-created"?: (event: PartnerCaseFormEventMap["partner-case-created"]) => void;
        };
    }
  }
}

function Transfer() {
  const [transferId, setTransferId] = useState("58114690");
  const [caseId, setCaseId] = useState<string>();
  const form = useRef<PartnerCaseForm>(null);
  return (
    <main>
      <h1>Transfer {transferId}</h1>
      <button onClick={() => setTransferId("58200001")}>Next transfer</button>
      <button onClick={() => form.current?.focus()}>Raise a case</button>
      <partner-case-form
        ref={form}
        userId="1234"
        transferId={transferId}
        messages={{ "form.submit": "Send to Wise" }}
        onpartner-case-created={(event) => setCaseId(event.detail.caseId)}
      />
      <p role="status">{caseId && `Case ${caseId} is noted`}</p>
    </main>
  );
}

createRoot(document.getElementById("root")!).render(<Transfer />);
