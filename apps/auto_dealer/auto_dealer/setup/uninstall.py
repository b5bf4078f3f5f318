"""Takes away what the app added to other apps' documents."""


def before_uninstall():
	pass
