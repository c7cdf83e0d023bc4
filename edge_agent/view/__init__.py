"""The viewer's page: consent, camera check, the film with a camera that looks back, and what was sent of it."""
