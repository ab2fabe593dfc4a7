"""What is live: the event feed now, the rooms of the working drafts later."""
