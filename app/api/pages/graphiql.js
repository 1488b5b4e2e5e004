"use strict";

const page = document.getElementById("page");
const LAST_TOKEN = "risk-register:authorization";
// A token outlives a reload, but not the tab: computers in schools are shared.
const storage = window.sessionStorage;

let question; // GraphiQL's own question for the schema
let schema;

async function send(operation, headers) {
  const response = await fetch(page.dataset.endpoint, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(operation),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `${response.status} ${response.statusText}: ${text.slice(0, 500)}` }] };
  }
}

// The schema is asked for when the page opens, before there is a token: it is asked for again with the first one used.
async function answer(operation, options) {
  const headers = options?.headers ?? {};
  if (operation.operationName === "IntrospectionQuery") {
    question = operation;
    const kept = storage.getItem(LAST_TOKEN);
    return send(operation, kept ? { Authorization: kept, ...headers } : headers);
  }
  const result = await send(operation, headers);
  if (headers.Authorization && headers.Authorization !== storage.getItem(LAST_TOKEN)) {
    storage.setItem(LAST_TOKEN, headers.Authorization);
    refreshSchema(headers);
  }
  return result;
}

async function refreshSchema(headers) {
  const described = question && (await send(question, headers)).data;
  if (described) {
    schema = described;
    show();
  }
}

const root = ReactDOM.createRoot(page);
let example;

function show() {
  root.render(
    React.createElement(GraphiQL, {
      fetcher: answer,
      schema,
      defaultQuery: example,
      defaultHeaders: '{\n  "Authorization": "Bearer "\n}',
      defaultEditorToolsVisibility: "headers",
      shouldPersistHeaders: true,
      storage,
    }),
  );
}

fetch(page.dataset.example)
  .then((response) => response.text())
  .then((text) => {
    example = text;
    show();
  });
