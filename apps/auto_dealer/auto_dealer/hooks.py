app_name = "auto_dealer"
app_title = "Auto Dealer"
app_publisher = "Auto Dealer contributors"
app_description = "The system a car dealer and its service centre run on"
app_email = "maintainers@auto-dealer.example"
app_license = "GPL-3.0-or-later"

# With the organisation in front bench does not ask a server for the app's address.
required_apps = ["frappe/erpnext"]

before_install = "auto_dealer.setup.version_gate.check_versions"
after_install = "auto_dealer.setup.install.after_install"
before_migrate = "auto_dealer.setup.version_gate.check_versions"
after_migrate = "auto_dealer.setup.install.after_migrate"
before_uninstall = "auto_dealer.setup.uninstall.before_uninstall"

# Realtime on its own port where no proxy stands before the bench.
update_website_context = "auto_dealer.setup.realtime_port.use_direct_port"

doc_events = {
	"Contact": {
		"before_validate": "auto_dealer.overrides.contact.before_validate",
		"validate": "auto_dealer.overrides.contact.validate",
		"after_insert": "auto_dealer.overrides.contact.after_insert",
		"on_update": "auto_dealer.overrides.contact.on_update",
		"on_trash": "auto_dealer.overrides.contact.on_trash",
		"after_rename": "auto_dealer.overrides.contact.after_rename",
	},
}
