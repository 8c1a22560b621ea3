// The same form as a React programmer would write it: react-hook-form with uncontrolled fields, and Zod for the rules.
import { useEffect, useRef, useState } from "react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm, useWatch } from "react-hook-form";
import { schema } from "rules";
import { send } from "../send.js";
import { DESCRIPTION_MAX, FIELDS, TEXTS } from "../texts.js";

const EMPTY = { type: "GENERAL_ENQUIRY", ...Object.fromEntries(FIELDS.map(({ name }) => [name, ""])) };
const newKey = () => crypto.randomUUID().replaceAll("-", "");
const resolver = zodResolver(schema);

function Field({ field, form, locked }) {
  const { name, id, label, hint, required, kind } = field;
  const error = form.formState.errors[name]?.message;
  const properties = {
    id,
    className: "control",
    readOnly: locked,
    "aria-invalid": error ? true : undefined,
    "aria-describedby": [`${id}-hint`, error && `${id}-error`, kind === "text" && `${id}-limit`].filter(Boolean).join(" "),
    ...form.register(name),
  };
  return (
    <div className={error ? "field invalid" : "field"}>
      <label className="label" htmlFor={id}>{label}{!required && <span className="optional"> {TEXTS.optional}</span>}</label>
      <div className="hint" id={`${id}-hint`}>{hint}</div>
      {error && <div className="error" id={`${id}-error`}><span className="visually-hidden">{TEXTS.errorPrefix} </span>{error}</div>}
      {kind === "text"
        ? <textarea rows="8" {...properties} />
        : <input type="text" autoComplete="off" inputMode={kind === "id" ? "numeric" : undefined} spellCheck={name === "subject"} {...properties} />}
    </div>
  );
}

// A component of its own, so that a keystroke renders no more than the count.
function Count({ control }) {
  const length = useWatch({ control, name: "description" }).length;
  return (
    <>
      <div className="visually-hidden" id="description-limit">{TEXTS.limit}</div>
      <div className={length > DESCRIPTION_MAX ? "counter error" : "counter hint"} role="status">{TEXTS.count(length)}</div>
    </>
  );
}

// Shown after each try to send, even if it says the same as before; it takes the focus.
function Notice({ kind, title, shown, role, children }) {
  const element = useRef(null);
  useEffect(() => { element.current.focus(); }, [shown]);
  return <div ref={element} className={`notice ${kind}`} role={role} tabIndex={-1}><h2>{title}</h2>{children}</div>;
}

function Summary({ errors, shown }) {
  const go = (event, id) => { event.preventDefault(); document.getElementById(id).focus(); };
  return (
    <Notice kind="bad" title={TEXTS.summary} shown={shown} role="alert">
      <ul>
        {FIELDS.filter(({ name }) => errors[name]).map(({ name, id }) => (
          <li key={name}><a href={`#${id}`} onClick={(event) => go(event, id)}>{errors[name].message}</a></li>
        ))}
      </ul>
    </Notice>
  );
}

export function CaseForm({ onReady }) {
  const form = useForm({ resolver, defaultValues: EMPTY, shouldFocusError: false });
  const [state, setState] = useState({ outcome: "editing" });
  const [shown, setShown] = useState(0);
  const key = useRef(newKey());
  const { errors } = form.formState;
  const sending = state.outcome === "sending";
  useEffect(() => onReady?.(), [onReady]);

  const submit = form.handleSubmit(async (values) => {
    setState({ outcome: "sending" });
    const answer = await send(values, key.current);
    setState(answer);
    setShown((count) => count + 1);
    if (answer.outcome !== "unknown") key.current = newKey();
  }, () => {
    setState({ outcome: "editing" });
    setShown((count) => count + 1);
  });
  const onSubmit = (event) => { if (sending) event.preventDefault(); else submit(event); };

  if (state.outcome === "created") {
    const again = () => { form.reset(EMPTY); setState({ outcome: "editing" }); };
    return (
      <div className="root">
        <Notice kind="good" title={TEXTS.created} shown={shown} role="status">
          <p>{TEXTS.caseNumber}</p><p className="number">{state.id}</p><button className="button" type="button" onClick={again}>{TEXTS.another}</button>
        </Notice>
      </div>
    );
  }
  const part = (...names) => FIELDS.filter(({ name }) => names.includes(name)).map((field) => <Field key={field.name} field={field} form={form} locked={sending} />);
  return (
    <div className="root">
      <form className="form" noValidate onSubmit={onSubmit}>
        {Object.keys(errors).length > 0 && <Summary errors={errors} shown={shown} />}
        {state.outcome === "not-created" && <Notice kind="bad" title={TEXTS.notCreated} shown={shown} role="alert"><p>{TEXTS.notCreatedText}</p></Notice>}
        {state.outcome === "unknown" && <Notice kind="unsure" title={TEXTS.unknown} shown={shown} role="alert"><p>{TEXTS.unknownText}</p></Notice>}
        <div className="field">
          <label className="label" htmlFor="type">{TEXTS.type}</label>
          <div className="hint" id="type-hint">{TEXTS.typeHint}</div>
          <select className="control" id="type" aria-describedby="type-hint" {...form.register("type")}><option value="GENERAL_ENQUIRY">{TEXTS.general}</option></select>
        </div>
        <fieldset className="about">
          <legend className="legend">{TEXTS.about}</legend>
          <div className="ids">{part("userId", "transferId", "profileId")}</div>
        </fieldset>
        {part("subject", "description")}
        <Count control={form.control} />
        {part("externalId")}
        <button className="button" type="submit" aria-disabled={sending}>{sending ? TEXTS.sending : TEXTS.submit}</button>
      </form>
    </div>
  );
}
