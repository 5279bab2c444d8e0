"""WordPress: comments of one blog or shop, by its REST API or by its feed of comments."""
