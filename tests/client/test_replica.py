"""What a follower makes of the feed, in memory and in SQLite: both keep the same."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.client import MemoryStore, Page, SqliteStore, Upsert

Json = dict[str, Any]
AnyStore = MemoryStore | SqliteStore

BEGINS, ENDS = {"op": "load-begins"}, {"op": "load-ends"}


def upsert(id_: str, student: str, institution: int | None = 1, version: int = 1, type_: str = "plan") -> Json:
    return {
        "op": "upsert",
        "type": type_,
        "id": id_,
        "student_id": student,
        "institution_id": institution,
        "version": version,
        "external_id": None,
        "data": {"id": id_, "version": version},
    }


def student(id_: str) -> Json:
    return upsert(id_, id_, None, type_="student")


def delete(type_: str, id_: str, student_id: str, institution: int | None = 1) -> Json:
    return {"op": "delete", "type": type_, "id": id_, "student_id": student_id, "institution_id": institution}


def scope(*institution_ids: int, handed: Iterable[tuple[str, int]] = ()) -> Json:
    pairs = [{"student_id": student_id, "institution_id": institution} for student_id, institution in handed]
    return {"op": "scope", "institution_ids": list(institution_ids), "handed": pairs}


def page(*items: Json, cursor: str = "c", more: bool = False) -> Page:
    return Page.of({"items": list(items), "cursor": cursor, "more": more})


def records(store: AnyStore) -> dict[str, Upsert]:
    kept = store.records.values() if isinstance(store, MemoryStore) else store.records
    return {each.id: each for each in kept}


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyStore]:
    if request.param == "memory":
        yield MemoryStore()
    else:
        with SqliteStore(tmp_path / "replica.db") as opened:
            yield opened


def test_it_begins_without_a_place_in_the_feed(store: AnyStore) -> None:
    places = [store.cursor]
    store.apply(page(cursor="c-1"))
    places.append(store.cursor)
    store.restart()
    assert [*places, store.cursor] == [None, "c-1", None]


def test_of_each_record_the_newest_version_is_kept(store: AnyStore) -> None:
    store.apply(page(upsert("p", "s", version=2)))
    store.apply(page(upsert("p", "s", version=1)))
    assert records(store)["p"].version == 2
    store.apply(page(upsert("p", "s", version=3)))
    assert records(store)["p"].data == {"id": "p", "version": 3}


def test_what_is_deleted_is_forgotten_and_a_student_with_all_records(store: AnyStore) -> None:
    store.apply(page(student("s"), upsert("p", "s"), upsert("r", "s", type_="risk"), student("t"), upsert("q", "t")))
    store.apply(page(delete("plan", "p", "s"), delete("plan", "never-seen", "s")))
    assert records(store).keys() == {"s", "r", "t", "q"}
    store.apply(page(delete("student", "s", "s", None)))
    assert records(store).keys() == {"t", "q"}


def test_a_merge_moves_what_was_there_under_the_other_student(store: AnyStore) -> None:
    store.apply(page(student("old"), upsert("p", "old"), student("elder")))
    store.apply(page({"op": "merge", "type": "student", "id": "old", "into": "elder"}, upsert("p", "elder", version=2)))
    assert records(store).keys() == {"elder", "p"}
    assert records(store)["p"].student_id == "elder"


def test_access_that_is_lost_takes_what_that_institution_wrote(store: AnyStore) -> None:
    store.apply(page(student("s"), upsert("p", "s", 1), upsert("q", "s", 2)))
    store.apply(page({"op": "close", "student_id": "s", "institution_id": 2}))
    assert records(store).keys() == {"s", "p"}


def test_a_narrower_scope_leaves_what_lies_in_it_or_was_handed_over(store: AnyStore) -> None:
    store.apply(page(student("s"), upsert("p1", "s", 1), upsert("p2", "s", 2)))
    store.apply(page(student("t"), upsert("q1", "t", 2), student("u"), upsert("r1", "u", 3), student("v")))
    store.apply(page(scope(1, handed=[("t", 2)])))
    assert records(store).keys() == {"s", "p1", "t", "q1"}


def test_a_scope_of_everything_takes_nothing(store: AnyStore) -> None:
    store.apply(page(student("s"), upsert("p1", "s", 1)))
    store.apply(page({"op": "scope", "institution_ids": None, "handed": []}))
    assert records(store).keys() == {"s", "p1"}


def test_a_load_says_what_is_still_there(store: AnyStore) -> None:
    store.apply(page(BEGINS, student("s"), upsert("p", "s"), upsert("q", "s", version=4), ENDS, cursor="epoch-1"))
    store.restart()
    # The restored register knows an older version of q, and no longer knows p.
    store.apply(page(BEGINS, student("s"), cursor="epoch-2", more=True))
    assert records(store).keys() == {"s", "p", "q"}
    store.apply(page(upsert("q", "s", version=4), ENDS))
    assert records(store).keys() == {"s", "q"}


def test_a_load_that_was_interrupted_begins_again(store: AnyStore) -> None:
    store.apply(page(BEGINS, student("s"), upsert("p", "s"), ENDS))
    store.apply(page(BEGINS, student("s"), more=True))
    store.restart()
    store.apply(page(BEGINS, upsert("p", "s"), ENDS))
    assert records(store).keys() == {"p"}


def test_what_a_later_register_may_tell_is_passed_over(store: AnyStore) -> None:
    store.apply(page({"op": "announce", "text": "..."}, student("s")))
    assert records(store).keys() == {"s"}


def test_a_page_is_taken_in_whole_or_not_at_all(store: AnyStore) -> None:
    store.apply(page(student("s"), cursor="c-1"))
    with pytest.raises(KeyError):
        store.apply(page(student("t"), {"op": "upsert", "type": "plan"}, cursor="c-2"))
    assert store.cursor == "c-1"
    assert records(store).keys() == {"s"}


def test_what_was_kept_is_there_after_the_process_has_ended(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "replica.db") as first:
        first.apply(page(student("s"), upsert("p", "s"), cursor="c-7"))
        kept = records(first)
    with SqliteStore(tmp_path / "replica.db") as second:
        assert second.cursor == "c-7"
        assert records(second) == kept


STUDENTS, INSTITUTIONS = st.sampled_from("stu"), st.integers(1, 3)
CHANGES: st.SearchStrategy[Json] = st.one_of(
    st.builds(upsert, st.sampled_from(["p", "q", "r"]), STUDENTS, INSTITUTIONS, st.integers(1, 5)),
    st.builds(student, STUDENTS),
    st.builds(delete, st.just("plan"), st.sampled_from(["p", "q", "r"]), STUDENTS, INSTITUTIONS),
    STUDENTS.map(lambda id_: delete("student", id_, id_, None)),
    st.builds(lambda old, into: {"op": "merge", "type": "student", "id": old, "into": into}, STUDENTS, STUDENTS),
    st.builds(
        lambda of, institution: {"op": "close", "student_id": of, "institution_id": institution}, STUDENTS, INSTITUTIONS
    ),
    st.builds(
        lambda ids, handed: scope(*ids, handed=handed),
        st.sets(INSTITUTIONS),
        st.lists(st.tuples(STUDENTS, INSTITUTIONS), max_size=3),
    ),
    st.sampled_from([BEGINS, ENDS]),
)


@settings(deadline=None)
@given(pages=st.lists(st.lists(CHANGES, max_size=6), max_size=6))
def test_both_stores_keep_the_same(pages: list[list[Json]]) -> None:
    memory = MemoryStore()
    with SqliteStore(":memory:") as sqlite:
        for items in pages:
            memory.apply(page(*items))
            sqlite.apply(page(*items))
            assert records(memory) == records(sqlite)
