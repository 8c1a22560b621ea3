/** What the form tells of an error: where it is and what kind it is, never what was typed. */
export interface PartnerCaseFieldError {
  /** The field's name in the create call, such as `userId`. */
  field: "type" | "userId" | "transferId" | "profileId" | "subject" | "description" | "externalId";
  /** Such as `required`, `too_long`, `not_digits`, `personal_data`. */
  code: string;
}

/** The customer's own data, so that exactly these values are kept out of the subject. It stays in the browser. */
export interface KnownPersonalData {
  names?: string[];
  emails?: string[];
  phones?: string[];
}

/** Why the form did not load. */
export interface PartnerCaseLoadError {
  cause: "old_browser" | "blocked" | "csp" | "unreachable" | "cors" | "not_found" | "refused" | "html" | "wrong_type" | "broken";
  url: string;
  message: string;
}

/** How things stand, for those who run the portal. */
export interface PartnerCaseReport {
  versions: { loader: string; form: string | null };
  loads: boolean;
  webAssembly: "allowed" | "forbidden" | "missing";
  /** Whether the portal's headers can be had. It is `failing`, too, where the form refuses the endpoint. */
  headers: "good" | "failing";
  files: { url: string; status: number; type: string; encoding: string; caching: string; redirected: boolean }[];
  proxy: {
    /** Empty where the form refuses the endpoint. */
    url: string;
    status: number;
    session: "good" | "ended" | "unknown";
    kind: "partner-case-proxy" | "simple" | "unknown";
    problem: string | null;
    context: unknown;
    clockAheadSeconds: number | null;
  };
  secureContext: boolean;
  online: boolean;
}

/** The events, by name. All bubble and leave shadow roots. Ids are text, because a JavaScript number cannot hold every one. */
export interface PartnerCaseFormEventMap {
  /** The form can be used. */
  "partner-case-ready": CustomEvent<undefined>;
  /** What the form holds, or how it stands, has changed. */
  "partner-case-change": CustomEvent<{ filled: PartnerCaseFieldError["field"][] }>;
  /** The form was to be sent or checked, and something is wrong with it. */
  "partner-case-invalid": CustomEvent<{ errors: PartnerCaseFieldError[] }>;
  /** A valid case is about to be sent. `preventDefault()` stops it; so does a promise given to `waitUntil` that resolves to false or fails. */
  "partner-case-before-submit": CustomEvent<{ waitUntil(promise: Promise<unknown>): void }>;
  /** Wise has the case. */
  "partner-case-created": CustomEvent<{ caseId: string; status: string }>;
  /** No case was created. `reason` is `rejected`, or why it was not sent. */
  "partner-case-failed": CustomEvent<{
    reason: string;
    fields: PartnerCaseFieldError["field"][];
    requestId?: string;
    traceId?: string;
  }>;
  /** It is not known whether a case was created. */
  "partner-case-outcome-unknown": CustomEvent<{ requestId?: string; traceId?: string }>;
  /** The staff member has to sign in again. What was typed is kept. */
  "partner-case-session-expired": CustomEvent<undefined>;
  /** The form could not be loaded. */
  "partner-case-load-error": CustomEvent<PartnerCaseLoadError>;
}

/** What can be set on the element. Those of text are attributes, too; `null` takes the attribute away. */
export interface PartnerCaseFormProperties {
  /**
   * The proxy's base path, `/partner-cases` where it is not set. The element resolves it against the page's own URL; `<base>` does not count.
   * An http or https URL of another origin works, too. That origin gets the portal's `headers` only if script has set this property: the
   * attribute alone does not count.
   */
  endpoint: string | null;
  /** What the fields hold at first. Ids are text. */
  type: string | null;
  userId: string | null;
  transferId: string | null;
  profileId: string | null;
  externalId: string | null;
  subject: string | null;
  description: string | null;
  /** The language, such as `de-AT`; that of the page where it is not set. */
  locale: string | null;
  /** `light`, `dark` or `system`, which is the default. */
  theme: string | null;
  /** Where drafts are kept: `none`, `memory` (the default), `session` or `local`. */
  draft: string | null;
  /** After how many minutes a draft that nobody touches is forgotten; 480 where it is not set. */
  draftTtl: string | null;
  /** What tells the drafts of one member of staff from those of another, where they share a browser. */
  draftScope: string | null;
  /** The attributes' names of fields that cannot be changed, such as `user-id transfer-id`. The attribute is `readonly`. */
  readonlyFields: string | null;
  /** The attributes' names of fields that are not shown, such as `type`. */
  hiddenFields: string | null;
  /** Whether what is to be sent is shown before it is. */
  review: boolean;
  /** Texts of the portal's own, by the keys of `locales/en.json`. */
  messages: Record<string, string | Record<string, string>>;
  /** The customer's own data. */
  knownPersonalData: KnownPersonalData;
  /**
   * Headers for each call, or a function that gives them: for portals that authenticate by header. They go to the page's own origin, and to
   * another one only if script has set `endpoint`.
   */
  headers: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined;
}

export interface PartnerCaseForm extends PartnerCaseFormProperties {}

/** The form as an element. */
export class PartnerCaseForm extends HTMLElement {
  /** Resolves when the form can be used; rejects when it could not be loaded. */
  readonly ready: Promise<void>;
  /** Checks the form and shows what is wrong with it, without sending it. */
  validate(): Promise<{ valid: boolean; errors: PartnerCaseFieldError[] }>;
  /** Submits as the button does. */
  submit(): Promise<void>;
  /** Empties the form but for what is prefilled, and forgets its draft. */
  reset(): Promise<void>;
  /** Forgets this customer's draft and empties the form; `{ all: true }` forgets the drafts of all customers, as at a sign-out. */
  clearDraft(options?: { all?: boolean }): Promise<void>;
  /** Moves the focus to the first field that can be filled. */
  focus(options?: FocusOptions): Promise<void>;
  /** Tells how things stand: files, policy, proxy, session, clock, versions. */
  diagnose(): Promise<PartnerCaseReport>;

  addEventListener<K extends keyof PartnerCaseFormEventMap>(
    type: K,
    listener: (this: PartnerCaseForm, event: PartnerCaseFormEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof PartnerCaseFormEventMap>(
    type: K,
    listener: (this: PartnerCaseForm, event: PartnerCaseFormEventMap[K]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** The version of this package. */
export const version: string;

/** The tag of this copy: `partner-case-form`, or with the version behind it where that is taken. */
export const tag: string;

/** Puts a form into an element, for those who prefer a function. */
export function mount(
  target: Element,
  options?: Partial<PartnerCaseFormProperties>,
): { element: PartnerCaseForm; unmount(): void };

declare global {
  interface HTMLElementTagNameMap {
    "partner-case-form": PartnerCaseForm;
  }
}
