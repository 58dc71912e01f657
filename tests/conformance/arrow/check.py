"""Tables between pyarrow and tenon through Arrow's C interfaces: check.py <the library of bridge.cpp>

Exits with 77, which ctest shows as skipped, where this Python has no pyarrow.
"""
import ctypes
import math
import sys

try:
    import pyarrow as pa
except ImportError:
    print("skipped: this Python has no pyarrow")
    sys.exit(77)

bridge = ctypes.CDLL(sys.argv[1])
bridge.last_text.restype = ctypes.c_char_p


def struct(size):
    """Memory for a struct of the interface, zero at first, and its address."""
    memory = ctypes.create_string_buffer(size)
    return memory, ctypes.c_void_p(ctypes.addressof(memory))


def address(memory):
    return ctypes.addressof(memory)


def text():
    return bridge.last_text().decode()


def call(function, batch, *more):
    """Gives a record batch away; whether the call succeeded. Both structs must have been released by it."""
    schema, schema_at = struct(72)
    array, array_at = struct(80)
    batch._export_to_c(address(array), address(schema))
    code = getattr(bridge, function)(schema_at, array_at, *more)
    assert schema.raw[56:64] == bytes(8) and array.raw[64:72] == bytes(8), "not released"
    return code == 0


def csv(function, batch):
    assert call(function, batch), text()
    return text()


def refused(function, batch):
    assert not call(function, batch), text()
    return text()


def make(n, offset=0, words=pa.string(), encode=False, **kinds):
    """n rows of houses; with `offset` rows in front that are sliced off."""
    rows = range(-offset, n)
    area = [None if i % 7 == 3 else i * 4 for i in rows]
    kind = [None if i % 5 == 4 else ("flat", "house")[i % 2] for i in rows]
    town = ["Ely" if i % 3 else 'Old "Town" on the hill' for i in rows]
    price = [i / 8 for i in rows]
    columns = {
        "town": pa.array(town, words),
        "area": pa.array(area, kinds.get("area", pa.float64())),
        "unused": pa.array([[i] for i in rows]),
        "kind": pa.array(kind, words),
        "price": pa.array(price, kinds.get("price", pa.float64())),
    }
    if encode:
        columns["town"] = columns["town"].dictionary_encode()
        columns["kind"] = columns["kind"].dictionary_encode()
    return pa.RecordBatch.from_pydict(columns).slice(offset)


def expected_csv(n):
    lines = ["area,kind,town,price"]
    for i in range(n):
        area = "" if i % 7 == 3 else str(i * 4)
        kind = "" if i % 5 == 4 else ("flat", "house")[i % 2]
        town = "Ely" if i % 3 else '"Old ""Town"" on the hill"'
        lines.append(f"{area},{kind},{town},{i / 8:g}")
    return "\n".join(lines) + "\n"


def check_types():
    small = [pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64(),
             pa.float16(), pa.float32(), pa.float64()]
    for area in small:
        assert csv("houses_to_csv", make(12, area=area)) == expected_csv(12), area
    for words in (pa.string(), pa.large_string(), pa.string_view()):
        for encode in (False, True):
            for offset in (0, 1, 8, 13):
                batch = make(21, offset, words, encode)
                assert csv("houses_to_csv", batch) == expected_csv(21), (words, encode, offset)
    others = pa.RecordBatch.from_pydict({"b": pa.array([True, None, False]), "n": pa.nulls(3)})
    assert csv("any_to_csv", others) == "b,n\n1,\n,\n0,\n"
    assert csv("houses_to_csv", make(0)) == expected_csv(0)


def check_errors():
    late = make(3).set_column(1, "area", pa.array([1, 2, 2**53 + 1], pa.int64()))
    assert refused("houses_to_csv", late) == "the Arrow data, column 'area', row 3: 9007199254740993 is no double exactly"
    dates = make(3).set_column(1, "area", pa.array([1, 2, 3], pa.timestamp("s")))
    assert "column 'area' has the Arrow format 'tss:', expected numbers" in refused("houses_to_csv", dates)
    blobs = make(3).set_column(0, "town", pa.array([b"a", b"b", b"c"], pa.binary()))
    assert "column 'town' has the Arrow format 'z'" in refused("houses_to_csv", blobs)
    assert refused("houses_to_csv", make(3).rename_columns(["town", "aera", "u", "kind", "price"])) == \
        "the Arrow data has no column 'area'; did you mean 'aera'?"
    assert "row 2: unknown level 'barn'" in refused(
        "houses_to_csv", make(2).set_column(3, "kind", pa.array(["flat", "barn"])))


def check_streams():
    table = pa.Table.from_batches([make(8), make(21, 0).slice(8, 5), make(21).slice(13)])
    stream, at = struct(40)
    table.to_reader()._export_to_c(address(stream))
    assert bridge.stream_to_csv(at) == 0, text()
    assert text() == expected_csv(21)
    assert stream.raw[24:32] == bytes(8), "not released"

    table.to_reader()._export_to_c(address(stream))
    out, out_at = struct(40)
    assert bridge.house_stream(at, out_at) == 0, text()
    back = pa.RecordBatchReader._import_from_c(address(out)).read_all()
    assert [len(c) for c in back.column("area").chunks] == [3] * 7
    back.validate(full=True)
    for name in ("area", "kind", "town", "price"):
        given = table.column(name)
        assert back.column(name).cast(given.type).equals(given), name

    def broken():
        yield make(3)
        raise ValueError("the disk is gone")

    pa.RecordBatchReader.from_batches(make(3).schema, broken())._export_to_c(address(stream))
    assert bridge.stream_to_csv(at) == 1
    assert "the disk is gone" in text(), text()


def check_out():
    batch = make(50, 3, encode=True)
    schema, schema_at = struct(72)
    array, array_at = struct(80)
    assert call("house_table", batch, schema_at, array_at), text()
    back = pa.RecordBatch._import_from_c(address(array), address(schema))
    back.validate(full=True)
    assert back.schema.names == ["area", "kind", "town", "price"]
    assert back.schema.field("kind").type == pa.dictionary(pa.int32(), pa.string(), ordered=True)
    for name in back.schema.names:
        assert back.column(name).to_pylist() == batch.column(name).to_pylist(), name
    kind = back.column("kind")
    del back
    assert kind[0].as_py() == "flat"


def check_addresses():
    values = pa.array([math.pi * i for i in range(5)])
    batch = pa.RecordBatch.from_arrays([values.slice(2)], ["x"])
    assert call("address_of", batch, ctypes.c_char_p(b"x")), text()
    assert int(text()) == values.buffers()[1].address + 16
    before = pa.total_allocated_bytes()
    for _ in range(1000):
        assert call("address_of", batch, ctypes.c_char_p(b"x"))
    assert pa.total_allocated_bytes() == before

    numbers = (ctypes.c_double * 6)(1, 2, 3, 10, 20, 30)
    schema, schema_at = struct(72)
    array, array_at = struct(80)
    assert bridge.borrowed_table(numbers, schema_at, array_at) == 0, text()
    back = pa.RecordBatch._import_from_c(address(array), address(schema))
    assert back.to_pydict() == {"x0": [1, 2, 3], "x1": [10, 20, 30]}
    assert back.column(1).buffers()[1].address == ctypes.addressof(numbers) + 24


check_types()
check_errors()
check_streams()
check_out()
check_addresses()
print("pyarrow", pa.__version__, "and tenon agree")
