"""Scenes whose files look alike: equal perceptual hashes, or hashes near each other."""

from __future__ import annotations

from .database import Database


def find_duplicates(database: Database, distance: int, duration: float) -> list[list[int]]:
    groups = _equal(database, duration) if distance == 0 else _near(database, distance, duration)
    paths = dict(
        database.rows(
            "select l.scene_id, min(rtrim(d.path, '/') || '/' || f.basename) from scenes_files l"
            " join files f on f.id = l.file_id join folders d on d.id = f.parent_folder_id"
            ' where l."primary" = 1 group by l.scene_id'
        )
    )
    return sorted(groups, key=lambda group: min(paths.get(key, "") for key in group))


def _files(database: Database) -> list[tuple[int, int, float, int]]:
    """Return (scene, hash, seconds, bytes) of every file with a hash, the largest first."""
    return database.rows(
        "select l.scene_id, p.fingerprint, v.duration, f.size from scenes_files l"
        " join files f on f.id = l.file_id join video_files v on v.file_id = f.id"
        " join files_fingerprints p on p.file_id = f.id and p.type = 'phash'"
        " order by f.size desc"
    )


def _equal(database: Database, duration: float) -> list[list[int]]:
    """Compare each file with the longest one that has the same hash."""
    same: dict[int, list[tuple[int, float, int]]] = {}
    for scene, phash, seconds, size in _files(database):
        same.setdefault(phash, []).append((scene, seconds, size))
    groups: list[tuple[int, list[int]]] = []
    for files in same.values():
        longest = max(seconds for _, seconds, _ in files)
        kept = [each for each in files if duration < 0 or abs(longest - each[1]) <= duration]
        scenes = sorted({scene for scene, _, _ in kept})
        if len(scenes) > 1:
            groups.append((sum(size for _, _, size in kept), scenes))
    groups.sort(key=lambda group: -group[0])
    return [scenes for _, scenes in groups]


def _near(database: Database, distance: int, duration: float) -> list[list[int]]:
    """Put files together that are near each other, directly or by way of others."""
    files = _files(database)
    near: list[list[int]] = [[] for _ in files]
    for place, (scene, phash, seconds, _) in enumerate(files):
        for other in range(place):
            other_scene, other_phash, other_seconds, _ = files[other]
            if scene == other_scene or bin((phash ^ other_phash) & _ALL).count("1") > distance:
                continue
            apart = abs(seconds - other_seconds) if seconds > 0 and other_seconds > 0 else 0
            if duration < 0 or apart <= duration:
                near[place].append(other)
                near[other].append(place)
    groups: list[list[int]] = []
    seen: set[int] = set()
    for place in range(len(files)):
        if place in seen or not near[place]:
            continue
        group: dict[int, None] = {}
        waiting = [place]
        while waiting:
            each = waiting.pop()
            if each not in seen:
                seen.add(each)
                group[files[each][0]] = None
                waiting.extend(sorted(near[each], reverse=True))
        if len(group) > 1:
            groups.append(list(group))
    return groups


_ALL = (1 << 64) - 1
