"""The web pages; they load nothing from other hosts."""

PAGE_POLICY = {
    "content-security-policy": "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline';"
    " style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
}
"""Headers of a page: it cannot be framed, and connects to its own server only."""

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
  :root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
  body { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
  form { display: grid; gap: .5rem; align-content: start; }
  textarea, pre { font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; }
</style>
</head>
<body>
<form id="form">
  <h1>GraphQL playground</h1>
  <textarea id="query" aria-label="Document" rows="16" spellcheck="false">{
  version { version }
  systemStatus { status }
  findScenes(filter: { per_page: 3 }) { count scenes { id title } }
}</textarea>
  <textarea id="variables" aria-label="Variables" rows="4" placeholder="Variables (JSON)"></textarea>
  <button>Run (Ctrl+Enter)</button>
</form>
<pre id="answer" aria-label="Answer"></pre>
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
