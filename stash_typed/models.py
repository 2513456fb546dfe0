"""What the server answers: one class for each noun of the schema."""

from stash_typed_graphql.fragments import *
