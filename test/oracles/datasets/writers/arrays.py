"""Arrays of NumPy and h5py."""

import os

import h5py
import numpy as np


def facts(array):
    """Shape, type and, of numbers, every value as a double."""
    array = np.asarray(array)
    flat = array.reshape(-1)
    values = [float(value) for value in flat] if array.dtype.kind in "biuf" else None
    return {"shape": list(array.shape), **({"type": array.dtype.name} if array.dtype.kind in "biufc" else {}), **({"values": [value if np.isfinite(value) else str(value) for value in values]} if values is not None else {})}


def write(tell):
    os.makedirs("numpy")
    random = np.random.default_rng(5)
    arrays = {f"{kind}{order == '>' and '-big' or ''}": random.integers(0, 100, (3, 4)).astype(np.dtype(kind).newbyteorder(order)) for kind in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "?") for order in "<>"}
    arrays |= {
        "fortran": np.asfortranarray(random.normal(size=(4, 5, 3))), "scalar": np.array(7.5), "none": np.zeros((0, 3), np.float32), "special": np.array([np.nan, np.inf, -np.inf, -0.0]),
        "complex": np.array([1 + 2j, 3]), "text": np.array(["a", "bçd"]), "bytes": np.array([b"ab", b"c"]), "time": np.array(["2024-02-29T12:00", "NaT"], "datetime64[ms]"),
        "one": np.arange(1), "deep": np.arange(64).reshape((2,) * 6), "long": np.arange(70_000, dtype=np.int32),
    }
    for name, array in arrays.items():
        np.save(f"numpy/{name}.npy", array)
        tell(f"numpy/{name}.npy", "arrays", format="npy", arrays={"": facts(array)})
    for name, save in {"stored": np.savez, "packed": np.savez_compressed}.items():
        save(f"numpy/{name}.npz", arrays["fortran"], **{key: value for key, value in arrays.items() if key not in ("text", "complex")})
        with np.load(f"numpy/{name}.npz") as read:
            tell(f"numpy/{name}.npz", "arrays", format="npz", arrays={key: facts(read[key]) for key in read.files})
    write_hdf5(tell, random)


def write_hdf5(tell, random):
    values = random.normal(size=(20, 6)).astype(np.float32)
    for libver in ("earliest", "latest"):
        path = f"{libver}.hdf5"
        with h5py.File(path, "w", libver=libver) as file:
            file.attrs["sim"] = True
            group = file.create_group("observations/images")
            group.create_dataset("top", data=random.integers(0, 255, (5, 8, 8, 3), np.uint8), chunks=(1, 8, 8, 3), compression="gzip", shuffle=True)
            group.create_dataset("lzf", data=random.integers(0, 255, (5, 8, 8, 3), np.uint8), compression="lzf", fletcher32=True)
            file["observations/qpos"] = values
            file["observations/transposed"] = values.T
            file.create_dataset("action", data=values, chunks=(7, 4), maxshape=(None, 6))
            file.create_dataset("sparse", (10, 4), np.float64, chunks=(2, 2), fillvalue=3.5)[4, 1] = 1
            file["scalar"] = 4.25
            file["none"] = np.zeros((0, 2), np.int16)
            file["half"] = values[:2].astype(np.float16)
            file["big"] = np.arange(6).astype(">i4").reshape(2, 3)
            file["flags"] = np.array([True, False])
            file["u8"] = np.array([2**64 - 1, 5], np.uint64)
            file["alias"] = file["observations/qpos"]
            file["soft"] = h5py.SoftLink("/action")
            file["words"] = np.array(["one", "twö"], dtype=h5py.string_dtype())
            file["fixed"] = np.array([b"abc", b"d"], dtype="S4")
            file["pairs"] = np.array([(1, 2.5), (3, 4.5)], dtype=[("a", "<i4"), ("b", "<f8")])
        with h5py.File(path) as file:
            found = {}
            file.visititems_links(lambda name, _: found.__setitem__(name, file[name]) if isinstance(file[name], h5py.Dataset) else None)
            tell(path, "arrays", format="hdf5", arrays={f"/{name}": facts(item[()]) if item.dtype.kind in "biuf" else {"shape": list(item.shape)} for name, item in found.items()})
