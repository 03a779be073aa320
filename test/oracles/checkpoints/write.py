"""Writes a checkpoint of each kind by its own library, and tells in made.json what is in it.

write.py FOLDER
"""

import json
import os
import shutil
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import numpy as np
import torch

SHORT = {
    "float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "float8_e4m3fn": "F8_E4M3", "float8_e5m2": "F8_E5M2",
    "int64": "I64", "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8", "uint16": "U16", "uint32": "U32", "bool": "BOOL",
}
made = []


def facts(tensors):
    """Tensors, parameters and parameters by type, of an iterable of shape and type."""
    tensors = list(tensors)
    dtypes = {}
    for shape, dtype in tensors:
        name = SHORT[str(dtype).replace("torch.", "")]
        dtypes[name] = dtypes.get(name, 0) + int(np.prod(shape))
    return {"tensors": len(tensors), "parameters": sum(dtypes.values()), "dtypes": dtypes}


def tell(path, format, expected, **more):
    made.append({"path": path, "format": format, **expected, **more})


def of_state(state):
    return facts((tuple(t.shape), t.dtype) for t in state.values())


def write_torch():
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.BatchNorm1d(16), torch.nn.Linear(16, 4))
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.randn(4, 8)).sum().backward()
    optimizer.step()
    state = model.state_dict()
    torch.save(state, "plain.pt")
    tell("plain.pt", "torch", of_state(state))
    torch.save({"model": state, "optimizer": optimizer.state_dict(), "epoch": 3, "step": 120, "loss": 0.5}, "full.pth")
    tell("full.pth", "torch", of_state(state), step=120, epoch=3, metrics={"loss": 0.5})
    torch.save(model, "module.bin")
    tell("module.bin", "torch", of_state(state))
    types = {str(t): torch.zeros(3, 5, dtype=t) for t in (torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2, torch.float16, torch.float64, torch.int8, torch.uint8, torch.uint16, torch.uint32, torch.int16, torch.bool)}
    types["transposed"] = torch.arange(6).reshape(2, 3).t()
    types["shared"] = types["transposed"]
    torch.save(types, "types.pt")
    tell("types.pt", "torch", of_state({k: v for k, v in types.items() if k != "shared"}))
    torch.save(state, "legacy.pt", _use_new_zipfile_serialization=False)
    tell("legacy.pt", "torchLegacy", of_state(state))
    import torch.distributed.checkpoint as dcp

    dcp.save({"model": state, "optim": optimizer.state_dict()}, checkpoint_id="dcp")
    tell("dcp", "dcp", of_state(state))
    from safetensors.torch import save_file

    save_file(state, "step-7.safetensors", metadata={"format": "pt"})
    tell("step-7.safetensors", "safetensors", of_state(state), step=7)
    names = sorted(state)
    os.mkdir("sharded")
    files = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    for file, part in zip(files, (names[:4], names[4:])):
        save_file({name: state[name].contiguous() for name in part}, f"sharded/{file}")
    Path("sharded/model.safetensors.index.json").write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": {name: files[0] if name in names[:4] else files[1] for name in names}}))
    tell("sharded/model.safetensors.index.json", "safetensorsSharded", of_state(state), whole="sharded")


def write_lightning():
    import pytorch_lightning as lightning

    class Model(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.save_hyperparameters({"width": 3})
            self.layer = torch.nn.Linear(4, 3)

        def training_step(self, batch, _):
            loss = self.layer(batch[0]).sum()
            self.log("loss", loss)
            return loss

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters())

    model = Model()
    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.randn(12, 4)), batch_size=4)
    trainer = lightning.Trainer(max_epochs=2, logger=False, enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False, accelerator="cpu")
    trainer.fit(model, data)
    trainer.save_checkpoint("epoch=1-step=6-val_loss=0.25.ckpt")
    tell("epoch=1-step=6-val_loss=0.25.ckpt", "lightning", of_state(model.state_dict()), step=6, metrics={"val_loss": 0.25})


def write_transformers():
    from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

    model = BertForSequenceClassification(BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, max_position_embeddings=16))
    data = [{"input_ids": [1, 2, 3], "labels": 0}] * 8
    Trainer(model=model, args=TrainingArguments("trainer", max_steps=4, save_steps=2, per_device_train_batch_size=2, report_to=[], use_cpu=True, disable_tqdm=True, logging_steps=1), train_dataset=data).train()
    expected = facts((tuple(p.shape), p.dtype) for p in model.state_dict().values())
    tell("trainer/checkpoint-4", "hfTrainer", expected, step=4, whole="trainer/checkpoint-4", ignore=["tokenizer", "generation_config"], optional=["config.json"])


def write_gguf():
    import gguf

    writer = gguf.GGUFWriter("model.gguf", "llama")
    writer.add_block_count(2)
    writer.add_array("tokenizer.ggml.tokens", ["a", "b", "ç"])
    tensors = {"blk.0.w": np.ones((32, 64), np.float32), "blk.0.h": np.ones((5, 7), np.float16)}
    for name, tensor in tensors.items():
        writer.add_tensor(name, tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    tell("model.gguf", "gguf", facts((t.shape, t.dtype) for t in tensors.values()))


def write_jax():
    import flax.serialization
    import jax.numpy as jnp
    import orbax.checkpoint as ocp

    params = {"params": {"dense": {"kernel": jnp.ones((3, 4)), "bias": jnp.zeros((4,), jnp.bfloat16)}}, "step": 5}
    expected = {"tensors": 2, "parameters": 16, "dtypes": {"F32": 12, "BF16": 4}}
    Path("flax_model.msgpack").write_bytes(flax.serialization.to_bytes(params))
    tell("flax_model.msgpack", "flax", expected, step=5)
    manager = ocp.CheckpointManager(Path.cwd() / "manager")
    manager.save(3, args=ocp.args.StandardSave(params))
    manager.wait_until_finished()
    # Where its arrays end is not stated outside of their own store, which is not read.
    tell("manager/3", "orbax", {**expected, "dtypes": None}, step=3, whole="manager/3", ignore=["_sharding", "commit_success", "ocdbt", "array_metadatas", "/d/", "metrics/"])


def write_tensorflow():
    import keras
    import tensorflow as tf

    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(2)])
    expected = facts((w.shape, w.dtype) for w in model.weights)
    model.save("model.keras")
    tell("model.keras", "keras", expected)
    model.save_weights("model.weights.h5")
    tell("model.weights.h5", "kerasH5", expected)
    variables = {"a": tf.Variable(tf.zeros([3, 4])), "b": tf.Variable(tf.zeros([5], tf.bfloat16))}
    os.mkdir("tf")
    tf.train.Checkpoint(**variables).write("tf/ckpt-9")
    tell("tf/ckpt-9.index", "tensorflow", {"tensors": 2, "parameters": 17, "dtypes": {"F32": 12, "BF16": 5}}, step=9, whole="tf")
    module = tf.Module()
    module.a = variables["a"]
    tf.saved_model.save(module, "saved")
    tell("saved", "savedModel", {"tensors": 1, "parameters": 12, "dtypes": {"F32": 12}}, whole="saved", ignore=["fingerprint.pb"])


if __name__ == "__main__":
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    os.makedirs(sys.argv[1])
    os.chdir(sys.argv[1])
    for write in (write_torch, write_gguf, write_lightning, write_transformers, write_jax, write_tensorflow):
        write()
    Path("made.json").write_text(json.dumps(made))
