"""The pages that a browser sees; they load nothing from elsewhere."""

PAGE_POLICY = {
    "content-security-policy": "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline';"
    " style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
}
"""Headers of a page: it is shown in no frame, and talks to nobody but its server."""

FRONT_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Stand-in Stash server</title></head>
<body><h1>A stand-in for a Stash server</h1>
<p>There is no library to look at here; <a href="playground">ask it in GraphQL</a>.</p>
</body></html>
"""

LOGIN_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Login</title></head>
<body><h1>Stand-in server</h1>
<form method="post" action="login">
<label>Name <input name="username" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button>Sign in</button></form></body></html>
"""

PLAYGROUND_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GraphQL playground</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 0; font: 15px/1.4 system-ui, sans-serif; }
  form { display: grid; gap: .5rem; padding: 1rem; grid-template: auto 1fr auto / 1fr 1fr;
         height: calc(100vh - 2rem); }
  h1 { font-size: 1rem; margin: 0; grid-column: 1 / 3; }
  textarea, pre { font: 13px/1.5 ui-monospace, monospace; margin: 0; padding: .6rem;
                  border: 1px solid #8888; border-radius: 4px; overflow: auto; }
  #query { grid-row: 2; } #answer { grid-row: 2 / 4; grid-column: 2; white-space: pre-wrap; }
  .below { grid-row: 3; display: grid; gap: .5rem; }
  button { justify-self: start; padding: .4rem 1rem; }
</style>
</head>
<body>
<form id="form">
  <h1>GraphQL playground</h1>
  <textarea id="query" aria-label="Document" spellcheck="false">{
  version { version }
  systemStatus { status }
  findScenes(filter: { per_page: 3 }) { count scenes { id title } }
}</textarea>
  <div class="below">
    <textarea id="variables" aria-label="Variables" rows="4" placeholder="Variables (JSON)"></textarea>
    <button>Run (Ctrl+Enter)</button>
  </div>
  <pre id="answer" aria-label="Answer"></pre>
</form>
<script>
const part = (id) => document.getElementById(id);
async function run(event) {
  event.preventDefault();
  const out = part("answer");
  try {
    const variables = JSON.parse(part("variables").value || "{}");
    const response = await fetch("graphql", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query: part("query").value, variables }),
    });
    const text = await response.text();
    out.textContent = text ? JSON.stringify(JSON.parse(text), null, 2) : "HTTP " + response.status;
  } catch (error) {
    out.textContent = String(error);
  }
}
part("form").addEventListener("submit", run);
part("query").addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") run(event);
});
</script>
</body>
</html>
"""
