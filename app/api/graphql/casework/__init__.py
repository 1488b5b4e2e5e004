"""Records of students in GraphQL: what a case worker reads, under the same policies as over REST."""
