"use strict";

const page = document.getElementById("page");
const LAST_TOKEN = "risk-register:authorization";
// A token outlives a reload, but not the tab: computers in schools are shared.
const storage = window.sessionStorage;

// Null: none is asked for. Without a token nobody would be answered, and the page would begin with an error. Another object: once more.
let schema = null;

async function post(operation, headers) {
  return fetch(page.dataset.endpoint, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(operation),
  });
}

async function read(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `${response.status} ${response.statusText}: ${text.slice(0, 500)}` }] };
  }
}

// The schema is asked for with the first token that is accepted, and again with the next one: roles see different parts of it.
async function answer(operation, options) {
  const headers = options?.headers ?? {};
  if (operation.operationName === "IntrospectionQuery") {
    return read(await post(operation, { Authorization: storage.getItem(LAST_TOKEN), ...headers }));
  }
  const response = await post(operation, headers);
  if (headers.Authorization && headers.Authorization !== storage.getItem(LAST_TOKEN) && response.status !== 401) {
    storage.setItem(LAST_TOKEN, headers.Authorization);
    describe();
  }
  return read(response);
}

// Not everybody is told the schema, and what was kept in this tab may have expired since: then there is none, and no error either.
async function describe() {
  const kept = storage.getItem(LAST_TOKEN);
  const told = kept && (await read(await post({ query: "{ __schema { queryType { name } } }" }, { Authorization: kept }))).data;
  if (told) {
    schema = {};
  }
  show();
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
    describe();
  });
