"""What is sent to the server: filters, criteria, and the inputs of changes and tasks."""

from stash_typed_graphql.input_types import *
