"""Takes away what the app added to other apps' documents."""

from auto_dealer.setup.custom_fields import delete_custom_fields


def before_uninstall():
	delete_custom_fields()
