"""Statistics over REST: the question of GraphQL in an address, for analysts and their tools."""
