"""The schema's enums. A value of a newer server decodes too; see `OpenEnum`."""

from stash_typed_graphql.enums import *
