// The states of the form that the gallery shows: their names, and what staff see in each and when.

/** In the order of a case: it is filled in, sent, and answered. */
export const GROUPS = {
  "Filling it in": [
    { id: "editing", title: "A new case", text: "What staff see first. The ids of the customer on the page are there already." },
    { id: "fixed_fields", title: "Fixed and hidden fields", text: "Where the portal fixes the ids and hides the fields that it needs nobody for. Fixed fields can be read and copied, not changed." },
    { id: "draft", title: "A draft is kept", text: "From the first letter on, a line below the button says where the text is kept and until when. The draft can be deleted, and brought back." },
    { id: "restored", title: "A draft is back", text: "After a reload, or on return to the customer, what was typed is there again, with the time from which it is." },
    { id: "personal_data", title: "Personal data in the subject", text: "While the subject is typed, what looks like a person's data is marked. One click moves it to the description; what may be harmless can be kept." },
    { id: "secret", title: "A card number in the description", text: "Full card numbers, passwords and access tokens are stopped. One click leaves the last four digits of a card." },
    { id: "too_long", title: "Too long a description", text: "Wise drops what goes beyond 65,535 characters. The form says how much that would be, leads to the place, and offers to remove quoted mail or blank lines." },
    { id: "invalid", title: "Something is missing or wrong", text: "After \"Create case\", nothing was sent: a list leads to each field, and each field says what to do." },
    { id: "review", title: "A look before it goes", text: "Where the portal asks for it, staff see exactly what goes to Wise before they send it." },
  ],
  "Sending it": [
    { id: "sending", title: "On its way", text: "Until the answer is there. The text cannot be changed, and a second press sends nothing." },
    { id: "created", title: "Created", text: "Wise has the case. Staff keep the number; the status follows by itself until Wise has set the case up." },
    { id: "failed", title: "Created, then failed", text: "Wise gave a number and could then not set the case up. The text is kept, and can be sent again." },
  ],
  "No case was created": [
    { id: "rejected", title: "Rejected", text: "Wise did not accept the case. The field at fault is named; corrected, the case can be sent again." },
    { id: "not_sent", title: "Too many at once", text: "Wise, or the proxy, takes no more for a moment. A countdown says from when on it makes sense to send again." },
    { id: "session_expired", title: "The session has ended", text: "Staff sign in again in another tab, and send from here. Nothing is lost." },
    { id: "offline", title: "Offline", text: "The browser has no network, so nothing was sent." },
    { id: "too_slow", title: "Too slow a connection", text: "The text did not reach the proxy in time, so nothing was sent." },
    { id: "unavailable", title: "Wise cannot be reached", text: "The proxy gets no connection to Wise, or no access. The two ids help support to find out why." },
    { id: "misconfigured", title: "The portal is not set up correctly", text: "Portal, form and proxy do not fit together. Staff can only tell support." },
    { id: "key_reused", title: "Another version was sent before", text: "The draft was sent from a second tab, with another text. Staff look whether that became a case before they send this one." },
  ],
  "Nobody knows yet": [
    { id: "outcome_unknown", title: "The outcome is not known", text: "The case was sent, and no clear answer came. The form goes on asking, and sends nothing again by itself." },
    { id: "reconsidering", title: "Back at the text, in doubt", text: "Staff have gone back to the text while the outcome is open. The doubt stays in sight." },
  ],
  "Loading it": [
    { id: "loading", title: "Loading", text: "The place of the form is kept free until its files are there, so that nothing below it jumps." },
    { id: "lazy_error", title: "The lazy part does not load", text: "The fields are there, but nothing is checked or sent. The text stays, the panel names the cause, and offers another attempt." },
    { id: "load_error", title: "The form does not load", text: "The cause is named for support, and a plain form from the page stands in. It works without WebAssembly." },
    { id: "plain", title: "Without scripts", text: "What stands between the tags is all there is: a plain form that the proxy answers with a page." },
  ],
};

export const STATES = Object.values(GROUPS).flat();
