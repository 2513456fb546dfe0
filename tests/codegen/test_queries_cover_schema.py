"""The operations in queries/ cover the schema, and keep to the rules of CONTRIBUTING.

Each rule is a function that answers its violations as `file:line: what` texts, so that it is
held against queries/ (no violation) and against a broken document (exactly that violation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    Source,
    VariableNode,
    build_schema,
    concat_ast,
    get_location,
    is_composite_type,
    is_required_argument,
    parse,
    print_ast,
    validate,
)

ROOT = Path(__file__).parents[2]

# fmt: off
DEPRECATED_LEFT_OUT = {
    "allGalleries", "allImages", "allMovies", "allSceneMarkers", "allScenes", "allTags",
    "bulkMovieUpdate", "findDefaultFilter", "findMovie", "findMovies", "movieCreate",
    "movieDestroy", "movieUpdate", "moviesDestroy", "sceneDecrementO", "sceneIncrementO",
    "sceneIncrementPlayCount", "scrapeMovieURL", "scrapeSingleMovie", "setDefaultFilter",
}
DEPRECATED_KEPT = {
    "Query.allStudios",
    "ScrapedPerformer.instagram",
    "ScrapedPerformer.twitter",
    "ScrapedPerformer.url",
    "Studio.url",
}
AGGREGATES = {
    "FindFilesResultType.duration", "FindFilesResultType.megapixels",
    "FindFilesResultType.size", "FindImagesResultType.filesize",
    "FindImagesResultType.megapixels", "FindScenesResultType.duration",
    "FindScenesResultType.filesize",
}
# Each costs the server one query per object, so it stands on the noun alone, never on a neighbour.
OWN_COUNTS = {
    "Gallery.image_count",
    "Group.scene_count",
    "Performer.scene_count",
    "Studio.scene_count",
    "Tag.scene_count",
}
NOT_COUNT_RESOLVERS = {"Scene.play_count", "Scene.o_counter", "Image.o_counter"}
SECRETS = {"ConfigGeneralResult.password"}
NOUNS = {
    "BasicFile", "Folder", "Gallery", "GalleryChapter", "Group", "Image", "Package",
    "Performer", "Plugin", "Scene", "SceneMarker", "Studio", "Tag",
}
# A marker and a chapter are named by their place as much as by their title.
NEIGHBOUR_FIELDS = {
    "id", "name", "title", "path", "package_id", "seconds", "end_seconds", "image_index",
}
RESERVED_NAMES = {
    "Any", "BaseModel", "BoolMap", "Int64", "Map", "PluginConfigMap", "Time", "Timestamp",
    "Upload",
}
# fmt: on


@dataclass(frozen=True)
class Queries:
    operations: Mapping[str, OperationDefinitionNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    document: DocumentNode


def read_schema() -> GraphQLSchema:
    text = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    # The server deprecates required arguments, which the specification does not allow.
    return build_schema(text, assume_valid=True)


def read_queries(texts: Mapping[str, str]) -> Queries:
    document = concat_ast([parse(Source(text, name)) for name, text in texts.items()])
    operations: dict[str, OperationDefinitionNode] = {}
    fragments: dict[str, FragmentDefinitionNode] = {}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            assert node.name is not None, f"{where(node)}: an operation without a name"
            assert node.name.value not in operations, f"{where(node)}: a second {node.name.value}"
            operations[node.name.value] = node
        elif isinstance(node, FragmentDefinitionNode):
            assert node.name.value not in fragments, f"{where(node)}: a second {node.name.value}"
            fragments[node.name.value] = node
    return Queries(operations, fragments, document)


SCHEMA = read_schema()
SHIPPED = read_queries(
    {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "queries").rglob("*.graphql"))
    }
)


def where(node: Node) -> str:
    assert node.loc is not None
    return f"{node.loc.source.name}:{get_location(node.loc.source, node.loc.start).line}"


def root_fields() -> dict[str, tuple[str, GraphQLField]]:
    """Every root field with the name of its root type."""
    roots = (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type)
    return {
        name: (root.name, field)
        for root in roots
        if root is not None
        for name, field in root.fields.items()
    }


def operation_name(root_field: str) -> str:
    return root_field[0].upper() + root_field[1:]


def written_type(known: GraphQLField | GraphQLArgument) -> str:
    assert known.ast_node is not None
    return print_ast(known.ast_node.type)


def named_type(known: GraphQLField) -> GraphQLNamedType:
    found = SCHEMA.get_type(written_type(known).strip("[]!"))
    assert found is not None
    return found


def object_type(name: str) -> GraphQLObjectType:
    found = SCHEMA.get_type(name)
    assert isinstance(found, GraphQLObjectType)
    return found


def only_field(operation: OperationDefinitionNode) -> FieldNode:
    (field,) = operation.selection_set.selections
    assert isinstance(field, FieldNode), where(operation)
    return field


def matches(condition: str, concrete: GraphQLObjectType) -> bool:
    """Whether a fragment on `condition` applies to an object of the type `concrete`."""
    found = SCHEMA.get_type(condition)
    if isinstance(found, GraphQLInterfaceType | GraphQLUnionType):
        return SCHEMA.is_sub_type(found, concrete)
    return condition == concrete.name


def selected(
    queries: Queries, selection_set: SelectionSetNode, concrete: GraphQLObjectType
) -> Iterator[FieldNode]:
    """The fields selected on one concrete type, through fragments, repetitions included."""
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, FragmentSpreadNode):
            fragment = queries.fragments[node.name.value]
            if matches(fragment.type_condition.name.value, concrete):
                yield from selected(queries, fragment.selection_set, concrete)
        elif isinstance(node, InlineFragmentNode):
            assert node.type_condition is not None, f"{where(node)}: inline without a type"
            if matches(node.type_condition.name.value, concrete):
                yield from selected(queries, node.selection_set, concrete)


@dataclass(frozen=True)
class Level:
    """The fields that one place of an operation selects on one concrete type."""

    concrete: GraphQLObjectType
    fields: tuple[FieldNode, ...]
    above: tuple[str, ...]

    @property
    def paths(self) -> dict[str, FieldNode]:
        return {f"{self.concrete.name}.{field.name.value}": field for field in self.fields}


def levels(queries: Queries) -> Iterator[Level]:
    """Every level of every operation, with the types above it."""
    for operation in queries.operations.values():
        root = SCHEMA.get_root_type(operation.operation)
        assert root is not None
        yield from levels_of(queries, operation.selection_set, root, ())


def levels_of(
    queries: Queries,
    selection_set: SelectionSetNode,
    concrete: GraphQLObjectType,
    above: tuple[str, ...],
) -> Iterator[Level]:
    assert len(above) < 12, f"{where(selection_set)}: selections nest too deeply: {above}"
    fields = tuple(selected(queries, selection_set, concrete))
    yield Level(concrete, fields, above)
    for field in fields:
        if field.selection_set is None:
            continue
        named = named_type(concrete.fields[field.name.value])
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            possible = list(SCHEMA.get_possible_types(named))
        else:
            possible = [object_type(named.name)]
        for kind in possible:
            yield from levels_of(queries, field.selection_set, kind, (*above, concrete.name))


def definition(level: Level, field: FieldNode) -> GraphQLField | None:
    """The schema's field, or None for `__typename`."""
    fields: dict[str, GraphQLField] = level.concrete.fields
    return fields.get(field.name.value)


def invalid(queries: Queries) -> Iterator[str]:
    for error in validate(SCHEMA, queries.document):
        assert error.nodes
        yield f"{where(error.nodes[0])}: {error.message}"


def root_field_without_operation(queries: Queries) -> Iterator[str]:
    for name, (root, field) in root_fields().items():
        wanted = field.deprecation_reason is None or f"{root}.{name}" in DEPRECATED_KEPT
        if wanted and operation_name(name) not in queries.operations:
            yield f"schema.graphql: {root}.{name} has no operation {operation_name(name)}"


def signature_unlike_the_schema(queries: Queries) -> Iterator[str]:
    fields = root_fields()
    for name, operation in queries.operations.items():
        if len(operation.selection_set.selections) != 1:
            yield f"{where(operation)}: {name} asks for more than one root field"
            continue
        node = only_field(operation)
        if name != operation_name(node.name.value):
            yield f"{where(operation)}: {name} is not named after {node.name.value}"
        arguments = {
            argument: definition
            for argument, definition in fields[node.name.value][1].args.items()
            if definition.deprecation_reason is None
        }
        variables = {
            variable.variable.name.value: print_ast(variable.type)
            for variable in operation.variable_definitions
        }
        if variables != {argument: written_type(arguments[argument]) for argument in arguments}:
            yield f"{where(operation)}: the variables of {name} are not the schema's arguments"
        if any(variable.default_value for variable in operation.variable_definitions):
            yield f"{where(operation)}: {name} gives a default that is the schema's to give"
        required = [
            is_required_argument(arguments[argument])
            for argument in variables
            if argument in arguments
        ]
        if required != sorted(required, reverse=True):
            yield f"{where(operation)}: {name} has an optional variable before a required one"
        passed = [
            (argument.name.value, argument.value.name.value)
            for argument in node.arguments
            if isinstance(argument.value, VariableNode)
        ]
        if passed != [(variable, variable) for variable in variables]:
            yield f"{where(node)}: {name} does not pass each variable on under its own name"


def object_without_its_fragment(queries: Queries) -> Iterator[str]:
    fields = root_fields()
    for name, operation in queries.operations.items():
        node = only_field(operation)
        if not is_composite_type(named_type(fields[node.name.value][1])):
            continue
        selections = node.selection_set.selections if node.selection_set else ()
        if len(selections) != 1 or not isinstance(selections[0], FragmentSpreadNode):
            yield f"{where(node)}: {name} holds something else than one spread"


def field_selected_twice(queries: Queries) -> Iterator[str]:
    for level in levels(queries):
        seen: set[str] = set()
        for field in level.fields:
            response = field.alias.value if field.alias else field.name.value
            if response in seen:
                yield f"{where(field)}: {level.concrete.name}.{response} is selected twice"
            seen.add(response)


def deprecated_field(queries: Queries) -> Iterator[str]:
    for level in levels(queries):
        for path, field in level.paths.items():
            known = definition(level, field)
            if known is None or known.deprecation_reason is None or path in DEPRECATED_KEPT:
                continue
            yield f"{where(field)}: {path} is deprecated: {known.deprecation_reason}"


def fragment_without_use(queries: Queries) -> Iterator[str]:
    used: set[str] = set()

    def follow(selection_set: SelectionSetNode) -> None:
        for node in selection_set.selections:
            if isinstance(node, FragmentSpreadNode):
                if node.name.value not in used:
                    used.add(node.name.value)
                    follow(queries.fragments[node.name.value].selection_set)
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set:
                follow(node.selection_set)

    for operation in queries.operations.values():
        follow(operation.selection_set)
    for name, fragment in queries.fragments.items():
        if name not in used:
            yield f"{where(fragment)}: no operation uses the fragment {name}"


def costly_field(queries: Queries) -> Iterator[str]:
    for level in levels(queries):
        for path, field in level.paths.items():
            if path in AGGREGATES:
                yield f"{where(field)}: {path} is computed over the whole result"
            elif is_count_resolver(path) and path not in OWN_COUNTS:
                yield f"{where(field)}: {path} is a query per object"
            elif is_count_resolver(path) and NOUNS.intersection(level.above):
                yield f"{where(field)}: {path} is counted for a neighbour"


def is_count_resolver(path: str) -> bool:
    owner, field = path.split(".")
    counted = field.endswith("_count") or field == "o_counter"
    return owner in NOUNS and counted and path not in NOT_COUNT_RESOLVERS


def fat_neighbour(queries: Queries) -> Iterator[str]:
    for level in levels(queries):
        if level.concrete.name in NOUNS and NOUNS.intersection(level.above):
            for path, field in level.paths.items():
                if field.name.value not in NEIGHBOUR_FIELDS:
                    yield f"{where(field)}: {path} of a neighbour of {level.above[-1]}"


def secret(queries: Queries) -> Iterator[str]:
    for level in levels(queries):
        for path, field in level.paths.items():
            if path in SECRETS:
                yield f"{where(field)}: {path} is a secret"


def uncovered_type(queries: Queries) -> Iterator[str]:
    for level in levels(queries):
        for field in level.fields:
            known = definition(level, field)
            named = named_type(known) if known else None
            if not isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
                continue
            assert field.selection_set is not None
            for possible in SCHEMA.get_possible_types(named):
                names = [
                    node.name.value for node in selected(queries, field.selection_set, possible)
                ]
                if "__typename" not in names:
                    yield f"{where(field)}: {field.name.value} without __typename"
                if len(names) < 2:
                    yield f"{where(field)}: {field.name.value} leaves out {possible.name}"


def clashing_class_name(queries: Queries) -> Iterator[str]:
    """Names of fragments that another class of the generated package would take as well.

    ariadne-codegen names the class of a nested object after its fragment and field, and the
    second class of a name silently replaces the first.
    """
    for name, fragment in queries.fragments.items():
        if name in RESERVED_NAMES or name.endswith("Type"):
            yield f"{where(fragment)}: {name} is not a name for a model"
        other = SCHEMA.get_type(name)
        if other is not None and not is_composite_type(other):
            yield f"{where(fragment)}: {name} is an input or an enum of the schema"
        for node in fragment.selection_set.selections:
            if isinstance(node, FieldNode) and node.selection_set:
                words = node.name.value.split("_")
                nested = name + "".join(operation_name(word) for word in words)
                if nested in queries.fragments:
                    yield f"{where(node)}: the class of this object is called {nested} as well"


RULES: list[Callable[[Queries], Iterator[str]]] = [
    invalid,
    root_field_without_operation,
    signature_unlike_the_schema,
    object_without_its_fragment,
    field_selected_twice,
    deprecated_field,
    fragment_without_use,
    costly_field,
    fat_neighbour,
    secret,
    uncovered_type,
    clashing_class_name,
]


@pytest.mark.parametrize("rule", RULES)
def test_the_shipped_queries_keep_the_rule(rule: Callable[[Queries], Iterator[str]]) -> None:
    assert "\n".join(rule(SHIPPED)) == ""


@pytest.mark.parametrize(
    ("rule", "text", "message"),
    [
        (invalid, "query Version { nothing }", "bad.graphql:1: Cannot query field 'nothing'"),
        (
            invalid,
            'query ScrapeURL { scrapeURL(ty: SCENE, url: "") { ...on ScrapedScene { duration }'
            " ...on ScrapedGroup { duration } } }",
            "conflicting types",
        ),
        (root_field_without_operation, "query Version { version { hash } }", "Query.findScene has"),
        (
            signature_unlike_the_schema,
            "query JobsQueue { jobQueue { id } }",
            "bad.graphql:1: JobsQueue is not named after jobQueue",
        ),
        (
            signature_unlike_the_schema,
            "mutation StopJob($id: ID!) { stopJob(job_id: $id) }",
            "the variables of StopJob are not the schema's arguments",
        ),
        (
            signature_unlike_the_schema,
            "mutation SceneGenerateScreenshot($at: Float, $id: ID!)"
            " { sceneGenerateScreenshot(at: $at, id: $id) }",
            "an optional variable before a required one",
        ),
        (
            signature_unlike_the_schema,
            "query FindScene($id: ID, $checksum: String)"
            " { findScene(id: $checksum, checksum: $id) { id } }",
            "does not pass each variable on under its own name",
        ),
        (object_without_its_fragment, "query Version { version { hash } }", "than one spread"),
        (
            field_selected_twice,
            "query Version { version { ...V hash } }\nfragment V on Version {\n  hash\n}",
            "bad.graphql:1: Version.hash is selected twice",
        ),
        (
            deprecated_field,
            "query AllPerformers { allPerformers { twitter } }",
            "Performer.twitter is deprecated: Use urls",
        ),
        (
            fragment_without_use,
            "query Version { version { hash } }\nfragment V on Version { hash ...W }"
            " fragment W on Version { hash }",
            "bad.graphql:2: no operation uses the fragment V",
        ),
        (costly_field, "query FindScenes { findScenes { filesize } }", "over the whole result"),
        (
            costly_field,
            "query FindTag { findTag(id: 1) { image_count(depth: -1) } }",
            "Tag.image_count is a query per object",
        ),
        (
            costly_field,
            "query FindScene { findScene { tags { scene_count } } }",
            "Tag.scene_count is counted for a neighbour",
        ),
        (
            fat_neighbour,
            "query FindScene { findScene { groups { group { synopsis } } } }",
            "Group.synopsis of a neighbour of SceneGroup",
        ),
        (
            secret,
            "query Configuration { configuration { general { password } } }",
            "ConfigGeneralResult.password is a secret",
        ),
        (
            uncovered_type,
            "query FindFile { findFile { ...on VideoFile { id } } }",
            "findFile leaves out BasicFile",
        ),
        (uncovered_type, "query FindFile { findFile { id path } }", "findFile without __typename"),
        (
            clashing_class_name,
            "fragment Scene on Scene { paths { ...ScenePaths } }"
            " fragment ScenePaths on ScenePathsType { webp }",
            "is called ScenePaths as well",
        ),
        (
            clashing_class_name,
            "fragment Upload on Scene { id }",
            "Upload is not a name for a model",
        ),
    ],
)
def test_a_broken_rule_is_named_with_its_place(
    rule: Callable[[Queries], Iterator[str]], text: str, message: str
) -> None:
    assert message in "\n".join(rule(read_queries({"bad.graphql": text})))


def test_every_deprecated_root_field_left_out_is_listed() -> None:
    deprecated = {name for name, (_, field) in root_fields().items() if field.deprecation_reason}
    present = {only_field(operation).name.value for operation in SHIPPED.operations.values()}
    assert deprecated - present == DEPRECATED_LEFT_OUT
    assert deprecated & present == {"allStudios"}


def test_the_number_of_operations_of_each_kind() -> None:
    kinds = [operation.operation.value for operation in SHIPPED.operations.values()]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "query": 62 + 1,
        "mutation": 120,
        "subscription": 3,
    }


def test_the_lists_of_exceptions_hold_nothing_that_is_not_selected() -> None:
    paths = {path for level in levels(SHIPPED) for path in level.paths}
    assert paths >= DEPRECATED_KEPT | OWN_COUNTS | NOT_COUNT_RESOLVERS


@pytest.mark.parametrize(
    ("fragment", "fields"),
    [
        ("Studio", "id url name image_path scene_count"),
        (
            "ScrapedPerformer",
            "name url twitter instagram birthdate ethnicity country eye_color height measurements"
            " fake_tits career_length tattoos piercings aliases",
        ),
    ],
)
def test_the_fields_that_the_api_page_names_are_selected(fragment: str, fields: str) -> None:
    node = SHIPPED.fragments[fragment]
    names = {
        field.name.value for field in selected(SHIPPED, node.selection_set, object_type(fragment))
    }
    assert names >= set(fields.split())


def test_operations_and_fragments_live_in_their_own_folders() -> None:
    folders = {
        (type(node), where(node).startswith("queries/fragments/"))
        for node in SHIPPED.document.definitions
    }
    assert folders == {(OperationDefinitionNode, False), (FragmentDefinitionNode, True)}
