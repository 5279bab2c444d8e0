"""What Meta's networks share: the Graph API, its errors and paging, webhooks and their signature, sign-in by a Page."""
