// Scripts of the desk. Names that Frappe, ERPNext and the browser give; anything else is a mistake (no-undef).
const desk = [
	"$ jQuery frappe erpnext auto_dealer locals cur_frm cur_list cur_dialog cur_page",
	"__ cint cstr flt in_list is_null format_currency format_number get_currency_symbol strip_html msgprint open_url_post",
	"moment Sortable repl Vue io SetVueGlobals",
]
	.join(" ")
	.split(" ");
const browser = [
	"window document navigator location history console localStorage sessionStorage crypto performance",
	"setTimeout clearTimeout setInterval clearInterval requestAnimationFrame cancelAnimationFrame queueMicrotask",
	"fetch Headers Request Response FormData File FileReader Blob URL URLSearchParams AbortController structuredClone",
	"Node Element HTMLElement Event CustomEvent KeyboardEvent MouseEvent DataTransfer CSS Image getComputedStyle",
	"XMLHttpRequest indexedDB btoa Option",
	"MutationObserver IntersectionObserver ResizeObserver matchMedia WebSocket BroadcastChannel",
]
	.join(" ")
	.split(" ");
const readonly = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

export default [
	{ ignores: ["**/dist/**", "**/node_modules/**"] },
	{
		files: ["apps/**/*.js"],
		languageOptions: {
			ecmaVersion: 2022,
			sourceType: "module",
			globals: { ...readonly(desk), ...readonly(browser) },
		},
		rules: {
			"no-undef": "error",
			"no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
			"no-dupe-keys": "error",
			"no-unreachable": "error",
			"no-const-assign": "error",
			"no-self-compare": "error",
			"no-var": "error",
			"prefer-const": "error",
			eqeqeq: ["error", "always", { null: "ignore" }],
			"max-lines": ["error", { max: 400 }],
			"no-console": ["error", { allow: ["error", "warn"] }],
		},
	},
];
