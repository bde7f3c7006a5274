"""The bot itself: the hall that runs activities, storage, the two clients and what surrounds them."""
