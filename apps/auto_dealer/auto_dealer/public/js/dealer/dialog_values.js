/**
 * The values of a dialog when its links have been looked up: pressed at once after a choice, a Link field still
 * holds the title that is shown and not the document's name. Undefined when something required is missing.
 */
export async function settled_values(dialog) {
	await frappe.after_ajax();
	return dialog.get_values();
}
