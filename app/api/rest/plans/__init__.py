"""Plans over REST: drafts, and the steps of their life."""
