"""MCAP by its own library, bags of ROS 1 and rosbag2 by rosbags."""

import os

import numpy as np
from mcap.reader import NonSeekingReader
from mcap.writer import CompressionType, Writer as McapWriter
from mcap_ros2.decoder import DecoderFactory
from mcap_ros2.writer import Writer as Ros2Writer
from rosbags.rosbag1 import Writer as Bag1
from rosbags.rosbag2 import CompressionMode, StoragePlugin, Writer as Bag2
from rosbags.typesys import Stores, get_typestore

STATE = """std_msgs/Header header
float64[] position
string[] name
geometry_msgs/Point[2] corners
bool flag
int8 small
uint64 large
================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
"""
START, STEP = 1_700_000_000_000_000_000, 10_000_000


def state(number):
    return {
        "header": {"stamp": {"sec": number, "nanosec": 5}, "frame_id": "base" * (number % 3)}, "position": [number / 4] * (number % 4), "name": ["a", "bçd"][: number % 3],
        "corners": [{"x": 1.0, "y": 2.0, "z": float(number)}] * 2, "flag": number % 2 == 1, "small": -number % 100, "large": 1000 + number,
    }


def plain(message):
    if hasattr(message, "__slots__"):
        return {name: plain(getattr(message, name)) for name in message.__slots__}
    if isinstance(message, (list, tuple)):
        return [plain(one) for one in message]
    return message


def told(tell, path, **facts):
    """What MCAP's own reader says of a file."""
    topics = {}
    with open(path, "rb") as file:
        for schema, channel, message in NonSeekingReader(file).iter_messages():
            topic = topics.setdefault(channel.topic, {"type": schema.name if schema else "", "encoding": channel.message_encoding, "count": 0, "times": []})
            topic["count"] += 1
            topic["times"].append(message.log_time - START)
        if any(topic["encoding"] == "cdr" for topic in topics.values()):
            file.seek(0)
            for _, channel, _, decoded in NonSeekingReader(file, decoder_factories=[DecoderFactory()]).iter_decoded_messages():
                topics[channel.topic].setdefault("messages", []).append(plain(decoded))
    tell(path, "recording", format="mcap", start=str(START), topics=topics, **facts)


def write(tell):
    os.makedirs("mcap")
    for name, options in {"none": {"compression": CompressionType.NONE}, "lz4": {"compression": CompressionType.LZ4}, "zstd": {"compression": CompressionType.ZSTD}, "small": {"chunk_size": 200}}.items():
        path = f"mcap/{name}.mcap"
        with open(path, "wb") as file:
            writer = Ros2Writer(file, **options)
            schema = writer.register_msgdef("my_msgs/msg/State", STATE)
            for number in range(40):
                at = START + number * STEP
                writer.write_message("/state", schema, state(number), log_time=at, publish_time=at - 5, sequence=number)
            writer.finish()
        told(tell, path)
    for name, options in {"flat": {"use_chunking": False}, "bare": {"use_chunking": False, "use_statistics": False, "use_summary_offsets": False, "repeat_channels": False, "repeat_schemas": False}, "unindexed": {"use_statistics": False, "repeat_channels": False}}.items():
        path = f"mcap/{name}.mcap"
        with open(path, "wb") as file:
            writer = McapWriter(file, **options)
            writer.start(profile="", library="oracle")
            schema = writer.register_schema("thing", "jsonschema", b'{"type":"object"}')
            channels = [writer.register_channel(topic, "json", schema if topic == "/a" else 0) for topic in ("/a", "/b")]
            for number in range(30):
                writer.add_message(channels[number % 3 == 0], START + number * STEP, b'{"x":%d}' % number, START + number * STEP)
            writer.add_attachment(START, START, "notes.txt", "text/plain", b"hello")
            writer.add_metadata("about", {"robot": "one"})
            writer.finish()
        told(tell, path, **({"problems": ["Its index names channels that it does not describe. It was rebuilt from its chunks."]} if name == "unindexed" else {}))
    tell("mcap", "dataset", format="rosbag", samples=7)
    write_bags(tell)


def write_bags(tell):
    for version, kinds in ((1, [("", None, None)]), (2, [("db3", StoragePlugin.SQLITE3, None), ("mcap", StoragePlugin.MCAP, None)])):
        store = get_typestore(Stores.ROS1_NOETIC if version == 1 else Stores.ROS2_HUMBLE)
        header, time = store.types["std_msgs/msg/Header"], store.types["builtin_interfaces/msg/Time"]
        joint, image = "sensor_msgs/msg/JointState", "sensor_msgs/msg/Image"
        for kind, plugin, _ in kinds:
            for packed in ([None, Bag1.CompressionFormat.BZ2, Bag1.CompressionFormat.LZ4] if version == 1 else [None]):
                path = f"bags/{packed.name if packed else 'plain'}.bag" if version == 1 else f"bags-{kind}"
                os.makedirs("bags", exist_ok=True)
                writer = Bag1(path) if version == 1 else Bag2(path, version=9, storage_plugin=plugin)
                if packed:
                    writer.set_compression(packed)
                topics = {"/joints": {"count": 0, "times": [], "messages": []}, "/camera": {"count": 0, "times": [], "messages": []}}
                with writer as bag:
                    connections = {name: bag.add_connection(name, type_name, typestore=store) for name, type_name in (("/joints", joint), ("/camera", image))}
                    for number in range(50):
                        name = "/camera" if number % 5 == 4 else "/joints"
                        stamp = time(sec=number, nanosec=7)
                        head = header(seq=number, stamp=stamp, frame_id="base") if version == 1 else header(stamp=stamp, frame_id="base")
                        if name == "/joints":
                            message = store.types[joint](header=head, name=["a", "b"], position=np.array([number, 0.5]), velocity=np.array([]), effort=np.array([1.0]))
                            fields = {"name": ["a", "b"], "position": [number, 0.5], "velocity": [], "effort": [1.0]}
                        else:
                            message = store.types[image](header=head, height=2, width=3, encoding="mono8", is_bigendian=0, step=3, data=np.arange(6, dtype=np.uint8))
                            fields = {"height": 2, "width": 3, "encoding": "mono8", "step": 3}
                        encoded = store.serialize_ros1(message, message.__msgtype__) if version == 1 else store.serialize_cdr(message, message.__msgtype__)
                        bag.write(connections[name], START + number * STEP, encoded)
                        topics[name]["count"] += 1
                        topics[name]["times"].append(number * STEP)
                        topics[name]["messages"].append(fields)
                topics["/joints"].update(type="sensor_msgs/JointState" if version == 1 else joint)
                topics["/camera"].update(type="sensor_msgs/Image" if version == 1 else image)
                recording = path if version == 1 else f"{path}/bags-{kind}.{kind}"
                tell(recording, "recording", format="rosbag" if version == 1 else "rosbag2" if kind == "db3" else "mcap", start=str(START), topics=topics)
                if version == 2:
                    tell(path, "dataset", format="rosbag", samples=1, stated=None)
